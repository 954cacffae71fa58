"""Whatever address a letter names, nothing inside the walls and nobody off the list is called (rows 26 to 33)."""

import asyncio
import json
import socket

import pytest

from actors import directory
from federation import addresses, http
from federation.models import Peer
from inbox.models import Receipt
from outbox.models import Attachment
from tests.inbox.knocks import cavage, enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(vernay, julien):
    return vernay.create(vernay.lucie, [julien.uri])


@pytest.fixture
def closed(settings):
    """As in production: private addresses are not called."""
    settings.ALLOW_PRIVATE = False


@pytest.fixture
def names(monkeypatch):
    """What the resolver says, and what it was asked: `names.says[host]` holds its answers, the last one for ever."""

    class Names:
        def __init__(self):
            self.says, self.asked = {}, []

    found, real = Names(), asyncio.BaseEventLoop.getaddrinfo

    async def getaddrinfo(loop, host, port, **more):
        found.asked.append(host)
        answers = found.says.get(host)
        if answers is None:
            return await real(loop, host, port, **more)
        ips = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ips]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return found


HERE = [
    "127.0.0.1", "localhost", "vernay.localhost", "0.0.0.0", "2130706433", "0x7f000001", "017700000001", "127.1",
    "[::1]", "[::ffff:7f00:1]", "[::7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]",
]  # fmt: skip


@pytest.mark.row(26)
@pytest.mark.parametrize("name", HERE)
def test_this_machine_is_not_called_by_any_of_its_names(vernay, letter, client, closed, name):
    """Even if an admin had put it on the list."""
    host = vernay.host.replace("127.0.0.1", name)
    Peer.objects.get_or_create(host=host, state="active")
    activity = json.loads(json.dumps(letter).replace(vernay.host, host))
    answer = enter(client, cavage(vernay, activity, pair=vernay.keys[vernay.lucie]))
    assert answer.status_code in (400, 401, 403, 503)
    assert (vernay.asked, Receipt.objects.count()) == ([], 0)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "vernay.localhost"])
def test_the_canary_sings(vernay, letter, client, name):
    """In development these names are called: the silence above means something."""
    host = vernay.host.replace("127.0.0.1", name)
    Peer.objects.get_or_create(host=host, state="active")
    activity = json.loads(json.dumps(letter).replace(vernay.host, host))
    enter(client, cavage(vernay, activity, pair=vernay.keys[vernay.lucie]))
    assert [path for path, _ in vernay.asked] == ["/users/lucie"]


@pytest.mark.row(26)
@pytest.mark.parametrize(
    "ip", ["100.64.0.1", "198.18.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "224.0.0.1"]
)
def test_no_private_network_is_called(vernay, letter, client, closed, names, ip):
    Peer.objects.create(host="vernay.example", state="active")
    names.says["vernay.example"] = [[ip]]
    activity = json.loads(json.dumps(letter).replace(vernay.host, "vernay.example"))
    assert enter(client, cavage(vernay, activity, pair=vernay.keys[vernay.lucie])).status_code == 503
    assert names.asked == ["vernay.example"]
    assert not Receipt.objects.exists()


@pytest.mark.row(27)
def test_one_private_address_among_public_ones_condemns_the_name(vernay, letter, client, closed, names):
    port = vernay.host.partition(":")[2]
    Peer.objects.create(host=f"vernay.example:{port}", state="active")
    names.says["vernay.example"] = [["93.184.216.34", "127.0.0.1"]]
    activity = json.loads(json.dumps(letter).replace(vernay.host, f"vernay.example:{port}"))
    assert enter(client, cavage(vernay, activity, pair=vernay.keys[vernay.lucie])).status_code == 503
    assert (names.asked, vernay.asked) == (["vernay.example"], [])


@pytest.mark.row(27)
def test_the_address_that_was_checked_is_the_one_that_is_called(vernay, letter, client, closed, names, monkeypatch):
    """A second answer (127.0.0.1, where the canary is) is never asked for; the first, where somebody is silent, is."""
    monkeypatch.setattr(addresses, "CLOSED", [addresses.ip_network("127.0.0.1/32")])
    port = int(vernay.host.partition(":")[2])
    Peer.objects.create(host=f"vernay.example:{port}", state="active")
    names.says["vernay.example"] = [["127.0.0.2"], ["127.0.0.1"]]
    activity = json.loads(json.dumps(letter).replace(vernay.host, f"vernay.example:{port}"))
    with socket.create_server(("127.0.0.2", port)) as listening:
        listening.setblocking(False)
        monkeypatch.setattr(http, "DEADLINE", 1.0)  # whoever listens there says nothing
        assert enter(client, cavage(vernay, activity, pair=vernay.keys[vernay.lucie])).status_code == 503
        listening.accept()[0].close()
    assert (names.asked, vernay.asked) == (["vernay.example"], [])


@pytest.mark.row(29, 48)
@pytest.mark.parametrize("where", ["{stranger}/users/mallory", "http://127.0.0.1:1/", "data:text/plain,x", "file:///x"])
def test_a_handle_leads_nowhere_else(vernay, stranger, julien, sign_in, where):
    href = where.format(stranger=stranger.origin)
    link = {"rel": "self", "type": "application/activity+json", "href": href}
    jrd = {"subject": f"acct:lucie@{vernay.host}", "links": [link, link | {"rel": "lrdd", "template": href}]}
    vernay.documents["/.well-known/webfinger"] = ("application/jrd+json", json.dumps(jrd).encode())
    page = sign_in(julien).get("/personnes/", {"q": f"@lucie@{vernay.host}"})
    assert page.status_code == 200
    assert (stranger.asked, [path.partition("?")[0] for path, _ in vernay.asked]) == ([], ["/.well-known/webfinger"])


@pytest.mark.row(29)
@pytest.mark.parametrize("href", ["{stranger}/nodeinfo", "http://169.254.169.254/", "data:application/json,{}", 5, ""])
def test_what_a_neighbour_says_of_itself_leads_nowhere_else(vernay, stranger, client, work, href):
    """It is asked because it reads, as a partner, who our partners are."""
    if isinstance(href, str):
        href = href.replace("{stranger}", stranger.origin)
    index = {"links": [{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.1", "href": href}]}
    vernay.documents["/.well-known/nodeinfo"] = ("application/json", json.dumps(index).encode())
    assert vernay.get(client, "http://localhost:8000/ap/instance/followers").status_code == 200
    work()
    assert "/.well-known/nodeinfo" in [path for path, _ in vernay.asked]
    assert stranger.asked == []


@pytest.mark.row(30)
def test_no_address_of_an_actor_is_called_elsewhere(vernay, stranger, julien, client, work):
    """All that an actor can name, at once: she is refused for her mail, or read without the rest."""
    canary = f"{stranger.origin}/canary"
    names = (
        "outbox",
        "followers",
        "following",
        "featured",
        "featuredTags",
        "url",
        "movedTo",
        "service",
        "organisation",
    )
    elsewhere = dict.fromkeys(names, canary) | {"icon": {"url": canary}, "image": {"url": canary}, "tag": [canary]}
    eve = vernay.add_actor("eve", **elsewhere, alsoKnownAs=[canary])
    assert vernay.post(client, vernay.create(eve, [julien.uri])).status_code == 202
    adam = vernay.add_actor("adam", inbox=canary)
    noe = vernay.add_actor("noe", endpoints={"sharedInbox": canary})
    for uri in (adam, noe):
        assert vernay.post(client, vernay.create(uri, [julien.uri])).status_code == 403
    vernay.post(client, vernay.activity("Move", eve, eve, target=canary))
    work()
    assert stranger.asked == []


@pytest.mark.row(30)
def test_a_portrait_elsewhere_is_not_fetched_when_a_page_shows_it(vernay, stranger, julien, sign_in):
    eve = directory.find(vernay.add_actor("eve", icon={"type": "Image", "url": f"{stranger.origin}/p.png"}))
    assert sign_in(julien).get(f"/portraits/{eve.ulid}/").status_code == 404
    assert stranger.asked == []


@pytest.mark.row(30)
def test_a_synchronisation_header_is_no_order_to_call(vernay, stranger, letter, client, work):
    header = f'collectionId="{stranger.origin}/f", url="{stranger.origin}/s", digest="{"0" * 64}"'
    knock = cavage(vernay, letter, headers={"collection-synchronization": header})
    assert enter(client, knock).status_code in (202, 400, 401, 403)
    work()
    assert stranger.asked == []


@pytest.mark.row(32)
def test_a_house_off_the_list_is_not_even_looked_up(julien, vernay, client, names, sign_in, work):
    uri = "http://stranger.example/users/mallory"
    for activity in (vernay.create(uri, [julien.uri]), vernay.activity("Follow", uri, julien.uri)):
        knock = cavage(vernay, activity | {"id": "http://stranger.example/1"}, pair=vernay.keys[vernay.lucie])
        assert enter(client, knock).status_code == 403
    about = {"type": "Image", "mediaType": "image/png", "url": "http://stranger.example/p.png"}
    vernay.post(client, vernay.create(vernay.lucie, [julien.uri], attachment=[about], inReplyTo=uri))
    vernay.post(client, vernay.activity("Announce", vernay.lucie, uri))
    vernay.post(client, vernay.activity("Move", vernay.lucie, vernay.lucie, target=uri))
    work()
    assert sign_in(julien).get("/personnes/", {"q": "@mallory@stranger.example"}).status_code == 200
    assert "stranger.example" not in names.asked
    assert not Attachment.objects.exists()


@pytest.mark.row(33)
@pytest.mark.parametrize(
    "uri",
    [
        "http://{listed}@{stranger}/users/mallory", "http://{stranger}#@{listed}/x", "http://{stranger}%2f@{listed}/x",
        "http://{stranger}\\@{listed}/users/mallory", "http://{stranger}%2f.{listed}/x", "http://{listed}.{stranger}/x",
        "http://{stranger}/{listed}/x", "http://{listed}.evil.example/x", "http://evil.example/{listed}",
        "http://{listed}:99999/x", "http://{listed}:8o/x", "http://[{listed}]/x", "http://{listed}%00.evil.example/x",
        "http://{listed}\u3002evil.example/x", "//{listed}/x", "http:{listed}/x", "http://\u24e2{listed}/x",
    ],
)  # fmt: skip
def test_nobody_passes_for_a_house_of_the_list(vernay, stranger, letter, client, uri):
    mallory = uri.format(listed=vernay.host, stranger=stranger.host)
    knock = cavage(stranger, letter | {"actor": mallory}, stranger.mallory, key=mallory)
    assert enter(client, knock).status_code in (400, 401, 403, 503)
    assert (stranger.asked, Receipt.objects.count()) == ([], 0)
