"""A house that keeps us waiting keeps itself waiting: what the others send, show and list is seen to meanwhile."""

import time

import pytest

from actors import directory, neighbours, portraits, synchronisation
from actors.models import Comparison
from federation import http, patience, turns
from federation.errors import NotHere
from inbox import receiving
from inbox.models import Receipt
from outbox import fetched_media, publishing
from outbox.audience import Reach
from outbox.models import Attachment
from tests.federation.hostile import elapsed
from tests.neighbour import Neighbour
from tests.world import introduce

pytestmark = pytest.mark.django_db
MANY = 12


@pytest.fixture
def dol(aubin, monkeypatch):
    """On our list; Mallory's house lets us wait for whatever we ask of it."""
    monkeypatch.setattr(patience, "AT_ONCE", 0.4)
    monkeypatch.setattr(http, "DEADLINE", 0.3)
    house = Neighbour()
    house.mallory = house.add_actor("mallory")
    house.peer = introduce(house)
    yield house
    house.stop()


def slowly(request):
    time.sleep(0.5)


def slow_pages(house, kind):
    for number in range(MANY):
        house.documents[f"/{kind}/slow{number}"] = slowly
    return [f"{house.origin}/{kind}/slow{number}" for number in range(MANY)]


@pytest.mark.row(65)
def test_posts_that_are_only_named_do_not_hold_up_what_others_send(dol, vernay, julien, client):
    for uri in slow_pages(dol, "notes"):
        dol.post(client, dol.activity("Create", dol.mallory, uri))
    follow = vernay.activity("Follow", vernay.lucie, julien.uri)
    vernay.post(client, follow)
    for _ in range(2):
        receiving.act_due()
    assert Receipt.objects.get(uri=follow["id"]).state == "handled"
    assert len([path for path, _ in dol.asked if "slow" in path]) <= 3
    assert Receipt.objects.filter(state="waiting").count() == MANY


@pytest.mark.row(65)
def test_its_turn_comes_again(dol, julien, client, monkeypatch):
    dol.post(client, dol.activity("Create", dol.mallory, f"{dol.origin}/notes/0"))
    with patience.waiting_for(dol.host, "receipts"):
        time.sleep(0.5)
    assert receiving.act_due() == 0
    monkeypatch.setattr(patience, "SHARE", 100)
    assert receiving.act_due() == 1


@pytest.mark.row(19, 64)
def test_keys_that_do_not_come_do_not_keep_the_door_waiting(dol, vernay, julien, client, monkeypatch):
    """Whoever names keys of a slow house; those whom we know are heard as ever."""
    monkeypatch.setattr(turns, "QUICK", 0.1)
    known = dol.activity("Follow", dol.mallory, julien.uri)
    assert dol.post(client, known).status_code == 202
    nobodies = [f"{dol.origin}/nobodies/slow{number}" for number in range(MANY)]
    slow_pages(dol, "nobodies")
    dol.keys |= dict.fromkeys(nobodies, dol.keys[dol.mallory])

    def knock():
        for each in nobodies:
            assert dol.post(client, dol.activity("Follow", each, julien.uri)).status_code == 503

    assert elapsed(knock) < 2
    assert len([path for path, _ in dol.asked if "slow" in path]) <= 3
    assert dol.post(client, dol.activity("Follow", dol.mallory, julien.uri)).status_code == 202
    assert vernay.post(client, vernay.activity("Follow", vernay.lucie, julien.uri)).status_code == 202


@pytest.mark.row(65)
def test_pictures_that_do_not_come_do_not_hold_up_those_of_others(dol, vernay, julien, client):
    urls = slow_pages(dol, "pictures")
    files = [{"type": "Document", "mediaType": "text/plain", "url": url} for url in urls]
    dol.post(client, dol.create(dol.mallory, [julien.uri], attachment=files))
    vernay.documents["/word"] = ("text/plain", b"bonjour")
    word = {"type": "Document", "mediaType": "text/plain", "url": f"{vernay.origin}/word"}
    vernay.post(client, vernay.create(vernay.lucie, [julien.uri], attachment=[word]))
    receiving.act_due()
    for _ in range(2):
        fetched_media.fetch_due()
    assert Attachment.objects.get(remote_url=word["url"]).state == "kept"


@pytest.mark.row(65)
def test_lists_that_do_not_come_do_not_hold_up_those_of_others(dol, lucie, vernay):
    for number, url in enumerate(slow_pages(dol, "lists")):
        actor = directory.learn(dol.add_actor(f"m{number}"))
        synchronisation.compare_soon(actor, url)
    synchronisation.compare_soon(lucie, f"{vernay.origin}/list")
    for _ in range(3):
        synchronisation.compare_due()
    assert Comparison.objects.get(actor=lucie).state == "done"


@pytest.mark.row(64)
def test_portraits_that_do_not_come_do_not_keep_pages_waiting(dol, monkeypatch):
    monkeypatch.setattr(portraits, "QUICK", 0.1)
    icons = slow_pages(dol, "icons")
    people = [
        directory.learn(dol.add_actor(f"m{number}", icon={"type": "Image", "url": url}))
        for number, url in enumerate(icons)
    ]

    def look():
        for person in people:
            with pytest.raises(NotHere):
                portraits.of(person)

    assert elapsed(look) < 2
    assert len([path for path, _ in dol.asked if "slow" in path]) <= 3


@pytest.mark.row(64)
def test_names_of_a_slow_house_do_not_keep_a_post_waiting(dol, julien, monkeypatch):
    """Fifty of them, in what somebody writes here, before it is written down."""
    monkeypatch.setattr(turns, "QUICK", 0.1)
    dol.documents["/.well-known/webfinger"] = slowly
    names = [f"@slow{number}@{dol.host}" for number in range(MANY)]

    def write():
        post = publishing.publish(julien, publishing.Draft(" ".join(["bonjour", *names])), Reach("organisation"))
        assert not post.named.exists()

    assert elapsed(write) < 2
    assert len(dol.asked) <= 3


def test_a_directory_that_does_not_come_is_left(dol, monkeypatch):
    monkeypatch.setattr(neighbours, "HEARING", 0.4)
    people = {"@context": "https://www.w3.org/ns/activitystreams", "id": f"{dol.origin}/people"}
    dol.documents["/people"] = people | {"type": "Collection", "items": slow_pages(dol, "people")}
    assert elapsed(lambda: neighbours.learn_directory(dol.peer, people["id"])) < 2


@pytest.mark.row(67)
def test_what_was_waited_for_is_forgotten_in_time(monkeypatch):
    monkeypatch.setattr(patience, "HOUSES", 3)
    for number in range(3):
        patience._waited["questions", f"h{number}"] = (100.0, time.monotonic())
    patience._waited["questions", "h0"] = (1.0, time.monotonic() - 1_000)
    with patience.waiting_for("h3", "questions"):
        pass
    assert sorted(patience.tired_of("questions")) == ["h1", "h2"]
    assert ("questions", "h0") not in patience._waited
    patience._waited["questions", "h3"] = (100.0, time.monotonic())
    with patience.waiting_for("h4", "questions"):
        pass
    assert patience.tired_of("questions") == []
    with patience.waiting_for("h5", "questions", quick=10):
        pass
    assert ("questions", "h5") not in patience._waited
