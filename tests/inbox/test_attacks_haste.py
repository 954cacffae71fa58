"""A house that is slow, or sends much that takes long, holds up its own letters and nobody else's (rows 19 and 65)."""

import time
from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils.timezone import now

from actors import directory, synchronisation
from actors.models import Comparison, Follow
from federation import absences, documents, patience, peers, turns
from federation.errors import NotFetched, TryAgain
from inbox import receiving
from inbox.models import Receipt
from outbox import fetched_media

pytestmark = pytest.mark.django_db


def named(house, number, answer):
    """A letter that only names a post."""
    uri = f"{house.origin}/slow/{number}"
    house.documents[f"/slow/{number}"] = answer
    return house.activity("Create", house.mallory, uri, to=["http://localhost:8000/ap/instance"])


@pytest.fixture
def slow_letters(other_house, julien, client):
    """More than a worker looks at, each of which takes a while."""

    def answer(request):
        time.sleep(0.3)
        request.reply(404, "application/json", b"{}")

    assert other_house.post(client, named(other_house, 0, answer)).status_code == 202
    first = Receipt.objects.get()
    Receipt.objects.bulk_create(
        Receipt(uri=f"{first.uri}/{number}", actor=first.actor, kind="Create", state="waiting",
                activity=named(other_house, number, answer))
        for number in range(1, receiving.AHEAD + 50)
    )  # fmt: skip


@pytest.mark.row(65)
def test_letters_that_take_long_do_not_keep_another_house_waiting(slow_letters, vernay, julien, client, monkeypatch):
    monkeypatch.setattr(receiving, "ROUND", 1.0)
    letters = [vernay.create(vernay.lucie, [julien.uri]), vernay.activity("Follow", vernay.lucie, julien.uri)]
    for letter in letters:
        assert vernay.post(client, letter).status_code == 202
    began = time.monotonic()
    receiving.act_due()
    assert time.monotonic() - began < 4
    assert set(Receipt.objects.filter(actor__host=vernay.host).values_list("state", flat=True)) == {"handled"}
    assert Follow.objects.filter(state="accepted").exists()
    assert Receipt.objects.filter(~Q(actor__host=vernay.host), state="waiting", attempts=0).exists()


@pytest.mark.row(19)
def test_who_was_slow_is_left_alone_for_a_while_and_no_absence_is_noted(vernay, julien, client, monkeypatch):
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 202
    monkeypatch.setitem(patience._waited, (turns.WORK, vernay.host), (10.0, time.monotonic()))
    asked = len(vernay.asked)
    paul = vernay.add_actor("paul")
    assert vernay.post(client, vernay.create(paul, [julien.uri])).status_code == 503
    assert len(vernay.asked) == asked
    monkeypatch.setitem(patience._waited, (turns.WORK, vernay.host), (10.0, time.monotonic() - 60))
    assert vernay.post(client, vernay.create(paul, [julien.uri])).status_code == 202
    assert not absences.Absence.objects.exists()


@pytest.mark.row(19)
@pytest.mark.parametrize("brief", [0.0, 0.02])
def test_a_house_is_asked_by_few_at_once(monkeypatch, brief):
    monkeypatch.setattr(turns, "BRIEF", brief)
    with turns.asking("slow.example"), turns.asking("slow.example"):
        with pytest.raises(NotFetched), turns.asking("slow.example"):
            pass
        with turns.asking("other.example"):
            pass
    with turns.asking("slow.example"):
        pass
    assert not turns._asking


@pytest.mark.row(19)
def test_where_federation_is_open_few_guests_are_asked_at_once(stranger, julien, client, settings):
    """Whoever has a domain has as many names as it likes."""
    settings.FEDERATION = "open"
    with turns.asking_a_guest(), turns.asking_a_guest():
        assert stranger.post(client, stranger.create(stranger.mallory, [julien.uri])).status_code == 503
    assert stranger.post(client, stranger.create(stranger.mallory, [julien.uri])).status_code == 202


@pytest.mark.row(65)
def test_media_that_take_long_do_not_keep_those_of_another_house_waiting(other_house, vernay, julien, client, work):
    for house in (other_house, vernay):
        author = house.add_actor("anne")
        files = [{"type": "Image", "url": f"{house.origin}/files/{number}"} for number in range(10)]
        assert house.post(client, house.create(author, [julien.uri], attachment=files)).status_code == 202
    receiving.act_due()
    fetched_media.fetch_due()
    for house in (other_house, vernay):
        assert [path for path, _ in house.asked if path.startswith("/files/")] == ["/files/0"]


@pytest.mark.row(89)
def test_media_of_a_house_that_is_suspended_are_neither_asked_for_nor_given_up(vernay, julien, client, time_machine):
    file = {"type": "Image", "url": f"{vernay.origin}/files/0"}
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri], attachment=[file])).status_code == 202
    receiving.act_due()
    peers.suspend(vernay.peer)
    time_machine.move_to(now() + timedelta(days=1))
    for _ in range(fetched_media.TRIES + 1):
        assert fetched_media.fetch_due() == 0
    peers.resume(vernay.peer)
    assert fetched_media.fetch_due() == 1
    assert [path for path, _ in vernay.asked if path.startswith("/files/")] == ["/files/0"]


@pytest.mark.row(65)
def test_lists_of_followers_are_compared_in_the_order_in_which_that_is_due(other_house, vernay, aubin):
    late, early = directory.find(other_house.mallory), directory.find(vernay.lucie)
    for author, minutes in ((late, 1), (early, 2)):
        due = now() - timedelta(minutes=minutes)
        Comparison.objects.create(actor=author, url=f"{author.uri}/list", state="waiting", due_at=due)
    synchronisation.compare_due()
    assert Comparison.objects.get(state="done").actor == early


def test_a_post_that_could_not_be_read_for_now_is_read_later(vernay, lucie, julien, client, monkeypatch):
    """Only named, and in JSON-LD that is read one at a time, while another is being read."""
    note = vernay.create(vernay.lucie, [julien.uri])["object"]
    vernay.documents[note["id"].removeprefix(vernay.origin)] = note
    monkeypatch.setattr(documents, "read", busy)
    letter = vernay.activity("Create", vernay.lucie, note["id"], to=[julien.uri])
    assert vernay.post(client, letter).status_code == 202
    receiving.act_due()
    receipt = Receipt.objects.get()
    assert (receipt.state, receipt.attempts) == ("waiting", 1)


def busy(*_, **__):
    raise TryAgain("another document is being read")
