"""What is heavy to read, to hold or to tell takes its own house's share of our time and room (rows 58, 60, 63, 65)."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from structlog.testing import capture_logs

from actors import arrivals, following
from federation import allowances, peers
from federation.errors import Malformed
from inbox import crowds, notifications, receiving
from inbox.activities import create
from inbox.models import Notification, Receipt
from outbox import fetched_media, keeping
from outbox.models import Attachment, Post
from tests.federation.hostile import elapsed

pytestmark = pytest.mark.django_db


def post_all(house, client, letters):
    for letter in letters:
        assert house.post(client, letter).status_code == 202


@pytest.fixture
def slow_to_read(monkeypatch):
    """Whatever holds `heavy` takes a while to be made safe."""
    usual = keeping.outcome

    def outcome(author, document, around, new):
        if "heavy" in document["content"]:
            time.sleep(0.05)
        return usual(author, document, around, new)

    monkeypatch.setattr(keeping, "outcome", outcome)
    monkeypatch.setattr(create, "SECONDS", 0.08)


@pytest.mark.row(63)
def test_a_crowd_holds_the_database_for_so_long_and_the_rest_comes_later(
    vernay, other_house, julien, client, slow_to_read
):
    """Nor does the other house wait for all of it: each has its turn in each crowd."""
    heavy = [vernay.create(vernay.lucie, [julien.uri], f"<p>heavy {number}</p>") for number in range(12)]
    post_all(vernay, client, heavy)
    post_all(other_house, client, [other_house.create(other_house.mallory, [julien.uri], "<p>light</p>")])
    assert receiving.act_due() == 3
    assert set(Post.objects.values_list("html", flat=True)) == {"<p>heavy 0</p>", "<p>light</p>", "<p>heavy 1</p>"}
    while receiving.act_due():
        pass
    kept = Post.objects.filter(author__host=vernay.host).order_by("pk").values_list("html", flat=True)
    assert list(kept) == [f"<p>heavy {number}</p>" for number in range(12)]
    assert not Receipt.objects.exclude(state="handled").exists()


@pytest.mark.row(63)
def test_news_of_one_whose_post_is_left_for_later_do_not_overtake_it(vernay, julien, client, slow_to_read):
    notes = [vernay.create(vernay.lucie, [julien.uri], f"<p>heavy {number}</p>") for number in range(4)]
    post_all(vernay, client, notes)
    gone = vernay.activity("Delete", vernay.lucie, {"id": notes[3]["object"]["id"], "type": "Tombstone"})
    post_all(vernay, client, [gone])
    while receiving.act_due():
        pass
    assert Post.objects.get(uri=notes[3]["object"]["id"]).withdrawn_at is not None


@pytest.mark.row(58)
def test_nor_do_news_of_one_whose_post_had_no_room_in_the_crowd(vernay, julien, client, monkeypatch):
    monkeypatch.setattr(crowds, "BATCH", 2)
    notes = [vernay.create(vernay.lucie, [julien.uri], f"<p>{number}</p>") for number in range(3)]
    gone = vernay.activity("Delete", vernay.lucie, {"id": notes[2]["object"]["id"], "type": "Tombstone"})
    post_all(vernay, client, [*notes, gone])
    assert receiving.act_due() == 2
    assert set(Receipt.objects.filter(state="waiting").values_list("kind", flat=True)) == {"Create", "Delete"}
    assert receiving.act_due() == 2
    assert Post.objects.get(uri=notes[2]["object"]["id"]).withdrawn_at is not None


@pytest.mark.row(58)
def test_a_crowd_is_no_larger_than_what_fits(vernay, julien, client, monkeypatch):
    monkeypatch.setattr(crowds, "ROOM", 40_000)
    letters = [vernay.create(vernay.lucie, [julien.uri], f"<p>{'x' * 15_000}</p>") for _ in range(5)]
    post_all(vernay, client, [*letters, vernay.create(vernay.lucie, [julien.uri], f"<p>{'x' * 45_000}</p>")])
    moved = [receiving.act_due() for _ in range(4)]
    assert moved == [2, 2, 1, 1]
    assert not Receipt.objects.exclude(state="handled").exists()


@pytest.mark.row(58)
def test_a_document_holds_so_many_values_and_no_more(vernay, julien, client):
    small = vernay.create(vernay.lucie, [julien.uri])
    assert vernay.post(client, small | {"x": [{}] * 60_000}).status_code == 400
    assert vernay.post(client, small | {"x": [{"y": 1}] * 20_000}).status_code == 202
    words = vernay.create(vernay.lucie, [julien.uri], "<p>" + "oui, [non], {" * 20_000 + "</p>")
    assert vernay.post(client, words).status_code == 202


@pytest.fixture
def everybody(aubin):
    return [arrivals.invite(f"Agent {number}", "Agent").actor for number in range(30)]


@pytest.mark.row(65)
def test_to_tell_many_costs_as_many_statements_as_to_tell_few(vernay, lucie, everybody, client):
    following.block(everybody[0], lucie)
    following.mute(everybody[1], lucie)
    counts = []
    for readers in (everybody[:3], everybody):
        created = vernay.create(vernay.lucie, [each.uri for each in readers])
        changed = created["object"] | {"content": "<p>mieux</p>", "updated": "2026-11-25T10:00:00Z"}
        for letter in (created, vernay.activity("Update", vernay.lucie, changed)):
            post_all(vernay, client, [letter])
            with CaptureQueriesContext(connection) as asked:
                receiving.act_due()
            counts.append(len(asked))
    assert counts[2] <= counts[0] + 1 and counts[3] <= counts[1] + 1
    told = Notification.objects.filter(actor=lucie)
    assert set(told.values_list("reader", flat=True)) == {each.pk for each in everybody[2:]}
    assert told.count() == 1 + 28


def test_nobody_is_told_of_herself_nor_strangers_of_anything(julien, lucie):
    notifications.tell(julien, julien, "follow")
    notifications.tell(lucie, julien, "follow")
    assert not Notification.objects.exists()


@pytest.mark.row(67)
@pytest.mark.parametrize(
    "name", ["\u4e2d" * 487 + ".fr", ("\u4e2d" * 30 + "\u3002") * 40, "x" * 64 + ".fr", "a." * 200 + "fr"]
)
def test_names_that_are_too_long_for_any_house_are_not_looked_at(name):
    def look():
        for number in range(200):
            with pytest.raises(Malformed):
                peers.authority_of(f"http://{name}/{number}")

    assert elapsed(look) < 1


@pytest.mark.row(65)
def test_what_a_house_reads_counts_too(vernay, stranger, julien, client, settings):
    settings.HOUSE_RATE, settings.HOUSE_BURST = 0.01, 3
    answers = [vernay.get(client, julien.uri).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 202


@pytest.fixture
def papers(vernay, other_house, julien, client):
    """Two houses attach, one of them much."""
    for house, author, number in ((vernay, vernay.lucie, 6), (other_house, other_house.mallory, 1)):
        files = []
        for each in range(number):
            house.documents[f"/files/{each}"] = ("text/plain", b"bonjour" * 100)
            files.append({"type": "Document", "url": f"{house.origin}/files/{each}"})
        post_all(house, client, [house.create(author, [julien.uri], attachment=files)])
    receiving.act_due()


def of(house):
    return Attachment.objects.filter(owner__host=house.host)


@pytest.mark.row(65)
def test_a_house_has_us_keep_no_more_than_its_share(papers, vernay, other_house, monkeypatch, time_machine):
    """The rest waits, and is not given up."""
    monkeypatch.setattr(fetched_media, "SHARE", (1_000, 0.001))
    time_machine.move_to(now())
    while fetched_media.fetch_due():
        pass
    assert of(vernay).filter(state="kept").count() == 2
    assert of(vernay).filter(state="waiting", attempts=0).count() == 4
    assert of(other_house).get().state == "kept"
    allowances.forget()
    time_machine.shift(fetched_media.FULL.total_seconds() + 1)
    assert fetched_media.fetch_due() == 1
    assert of(vernay).filter(state="kept").count() == 3


@pytest.mark.row(65)
def test_a_disk_that_is_nearly_full_is_not_filled(papers, monkeypatch):
    monkeypatch.setattr(fetched_media, "FLOOR", 10**18)
    with capture_logs() as logs:
        assert fetched_media.fetch_due() == 0
    assert "media.disk_full" in {log["event"] for log in logs}
    assert set(Attachment.objects.values_list("state", "attempts")) == {("waiting", 0)}


@pytest.mark.row(65)
def test_a_house_that_attaches_very_much_does_not_hide_what_others_attach(papers, vernay, other_house, monkeypatch):
    monkeypatch.setattr(fetched_media, "AHEAD", 4)
    assert fetched_media.fetch_due() == 2
    assert of(other_house).get().state == "kept"
