"""The key of a letter is asked for at its owner's house, within limits, and believed of nobody else (rows 13 to 20)."""

import gzip
import json
import time
from datetime import timedelta

import pytest
from django.utils.timezone import now

from actors.models import Actor
from federation import http
from federation.models import Absence, Key
from inbox.models import Receipt
from tests.inbox import knocks
from tests.inbox.knocks import cavage
from tests.neighbour import CONTEXT

pytestmark = pytest.mark.django_db
AS2 = "application/activity+json"


def moved(where):
    """A page that leads elsewhere."""

    def write(request):
        request.send_response(302)
        request.send_header("Location", where)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return write


def enter(client, knock):
    """As if no key had been sought before: what was absent a moment ago is not asked for again (row 18)."""
    Absence.objects.all().delete()
    Actor.objects.update(fetched_at=now() - timedelta(hours=1))
    return knocks.enter(client, knock)


def asked(house):
    return [path for path, _ in house.asked]


@pytest.mark.row(13)
def test_a_key_that_says_it_is_anothers_needs_the_other_to_say_so(vernay, other_house, letter, client):
    """On evil stands a key that is said to be Lucie's; she says nothing of it."""
    stolen = other_house.documents["/users/mallory"]["publicKey"] | {"owner": vernay.lucie}
    for whole in ({"@context": CONTEXT, **stolen}, other_house.documents["/users/mallory"] | {"publicKey": stolen}):
        for name in ("key", "users/mallory"):
            key = f"{other_house.origin}/{name}"
            other_house.documents[f"/{name}"] = whole | {"id": key}
            answer = enter(client, cavage(other_house, letter, other_house.mallory, key=key))
            assert answer.status_code in (401, 403)
    assert not Receipt.objects.exists()
    assert not Key.objects.filter(owner_uri=vernay.lucie).exclude(uri=f"{vernay.lucie}#main-key").exists()


@pytest.mark.row(13)
def test_a_key_of_one_colleague_is_not_published_by_another(vernay, letter, client):
    mallory = vernay.add_actor("mallory")
    key = vernay.documents["/users/mallory"]["publicKey"]
    for change in ({"owner": vernay.lucie}, {"id": f"{vernay.lucie}#main-key"}, {"id": "http://other.example/k"}):
        vernay.documents["/users/mallory"]["publicKey"] = key | change
        answer = enter(client, cavage(vernay, letter, mallory))
        assert answer.status_code in (401, 403)
    assert not Receipt.objects.exists()


@pytest.mark.row(14)
def test_an_actor_is_at_the_address_that_is_its_id(vernay, other_house, letter, client):
    """Neither a page that calls itself Lucie, nor Lucie's own page kept under another name."""
    mallory = vernay.add_actor("mallory")
    vernay.documents["/users/mallory"] |= {"id": vernay.lucie}
    assert enter(client, cavage(vernay, letter, mallory)).status_code in (401, 403)
    other_house.documents["/users/mallory"] |= {"id": vernay.lucie}
    assert enter(client, cavage(other_house, letter, other_house.mallory)).status_code in (401, 403)
    for odd in (None, "", 7, ["x"]):
        other_house.documents["/users/mallory"] |= {"id": odd}
        assert enter(client, cavage(other_house, letter, other_house.mallory)).status_code in (401, 403)
    assert not Receipt.objects.exists()
    assert enter(client, cavage(vernay, letter)).status_code == 202
    assert Actor.objects.get(uri=vernay.lucie).name == "Lucie"


@pytest.mark.row(15)
@pytest.mark.parametrize(
    "kind",
    ["text/plain", "image/png", "application/json", "application/ld+json", "text/html", "application/ld+json; x=y"],
)
def test_an_upload_is_no_actor(vernay, letter, client, kind):
    vernay.documents["/users/lucie"] = (kind, json.dumps(vernay.documents["/users/lucie"]).encode())
    assert enter(client, cavage(vernay, letter)).status_code == 401
    assert not Receipt.objects.exists() and not Key.objects.filter(owner_uri=vernay.lucie).exists()


@pytest.mark.row(16, 28)
@pytest.mark.parametrize(
    "where", ["{stranger}/users/mallory", "http://169.254.169.254/latest", "//{host}/x", "ftp://x/"]
)
def test_a_key_is_not_sought_in_another_house(vernay, stranger, letter, client, where):
    vernay.documents["/users/lucie"] = moved(where.format(stranger=stranger.origin, host=stranger.host))
    assert enter(client, cavage(vernay, letter)).status_code == 401
    assert (stranger.asked, asked(vernay), Receipt.objects.count()) == ([], ["/users/lucie"], 0)


@pytest.mark.row(16)
def test_nor_in_another_house_of_the_list(vernay, other_house, letter, client):
    vernay.documents["/users/lucie"] = moved(f"{other_house.origin}/users/mallory")
    assert enter(client, cavage(vernay, letter)).status_code == 401
    assert other_house.asked == []


@pytest.mark.row(17)
def test_a_circle_and_a_long_way_end_soon(vernay, letter, client):
    vernay.documents["/users/lucie"], vernay.documents["/a"] = moved("/a"), moved("/users/lucie")
    assert enter(client, cavage(vernay, letter)).status_code == 401
    assert asked(vernay) == ["/users/lucie", "/a"]
    vernay.documents["/users/lucie"] = moved("/0")
    vernay.documents |= {f"/{number}": moved(f"/{number + 1}") for number in range(20)}
    vernay.asked.clear()
    assert enter(client, cavage(vernay, letter)).status_code == 401
    assert len(vernay.asked) == 4


@pytest.mark.row(19)
def test_a_house_that_drips_is_left_at_the_deadline(vernay, letter, client, monkeypatch):
    """Each byte comes in good time; all of them together do not."""
    monkeypatch.setattr(http, "DEADLINE", 1.0)

    def drip(request):
        request.send_response(200)
        request.send_header("Content-Type", AS2)
        request.send_header("Content-Length", "1000")
        request.end_headers()
        try:
            for _ in range(100):
                request.wfile.write(b" ")
                time.sleep(0.1)
        except OSError:
            request.close_connection = True

    vernay.documents["/users/lucie"] = drip
    began = time.monotonic()
    answer = enter(client, cavage(vernay, letter))
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert 0.9 < time.monotonic() - began < 8


@pytest.mark.row(20)
def test_a_huge_or_compressed_document_is_not_read(vernay, letter, client):
    def bomb(request):
        request.reply(200, AS2, gzip.compress(bytes(50_000_000), 1), {"Content-Encoding": "gzip"})

    def endless(request):
        request.send_response(200)
        request.send_header("Content-Type", AS2)
        request.end_headers()
        request.close_connection = True
        try:
            for _ in range(800):
                request.wfile.write(b" " * 65_536)
        except OSError:
            request.wfile = open("/dev/null", "wb")  # noqa: SIM115  it hung up on us

    small = json.dumps(vernay.documents["/users/lucie"]).encode()
    for page in (bomb, endless, (AS2, small + b" " * 1_000_000)):
        vernay.documents["/users/lucie"] = page
        began = time.process_time()
        assert enter(client, cavage(vernay, letter)).status_code == 401
        assert time.process_time() - began < 2
    assert {headers["accept-encoding"] for _, headers in vernay.asked} == {"identity"}
    vernay.documents["/users/lucie"] = (AS2, small)
    assert enter(client, cavage(vernay, letter)).status_code == 202


def test_a_key_that_its_house_gives_to_another_is_hers(vernay, julien, client):
    """Asked for again at the door, which must not stumble over the one that went."""
    bob, alice = vernay.add_actor("bob"), vernay.add_actor("alice")
    uri = f"{vernay.origin}/keys/k"

    def give_to(owner):
        own = vernay.documents[owner.removeprefix(vernay.origin)]
        own["publicKey"] = own["publicKey"] | {"id": uri}
        vernay.documents["/keys/k"] = own["publicKey"] | {"@context": CONTEXT, "type": "Key"}
        vernay.key_names[owner] = uri

    give_to(bob)
    assert vernay.post(client, vernay.create(bob, [julien.uri])).status_code == 202
    Key.objects.update(fetched_at=now() - timedelta(hours=1))
    bobs = vernay.documents[bob.removeprefix(vernay.origin)]
    bobs["publicKey"] = bobs["publicKey"] | {"id": f"{bob}#main-key"}
    give_to(alice)
    assert vernay.post(client, vernay.create(alice, [julien.uri])).status_code == 202
    assert Key.objects.get(uri=uri).owner_uri == alice
