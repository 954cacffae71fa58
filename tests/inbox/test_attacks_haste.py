"""A house that is slow, or sends much that takes long, holds up its own letters and nobody else's (rows 19 and 65)."""

import time

import pytest
from django.db.models import Q

from actors.models import Follow
from federation import absences, turns
from federation.errors import NotFetched
from inbox import receiving
from inbox.models import Receipt

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
    monkeypatch.setattr(turns, "SLOW", 0.0)
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 202
    monkeypatch.setattr(turns, "SLOW", 5.0)
    asked = len(vernay.asked)
    paul = vernay.add_actor("paul")
    assert vernay.post(client, vernay.create(paul, [julien.uri])).status_code == 503
    assert len(vernay.asked) == asked
    monkeypatch.setattr(turns, "_resting", {})
    assert vernay.post(client, vernay.create(paul, [julien.uri])).status_code == 202
    assert not absences.Absence.objects.exists()


@pytest.mark.row(19)
def test_a_house_is_asked_by_few_at_once(monkeypatch):
    monkeypatch.setattr(turns, "BRIEF", 0.01)
    with turns.asking("slow.example"), turns.asking("slow.example"):
        with pytest.raises(NotFetched), turns.asking("slow.example"):
            pass
        with turns.asking("other.example"):
            pass
    with turns.asking("slow.example"):
        pass
    assert not turns._asking


@pytest.mark.row(67)
def test_what_is_remembered_of_slow_houses_has_its_limit(monkeypatch):
    monkeypatch.setattr(turns, "_resting", {})
    monkeypatch.setattr(turns, "HOUSES", 3)
    monkeypatch.setattr(turns, "SLOW", -1.0)
    for number in range(10):
        with turns.asking(f"house{number}.example"):
            pass
    assert 0 < len(turns._resting) <= 3
