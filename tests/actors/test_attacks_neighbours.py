"""A neighbour may say anything of itself: garbage is refused, lists end, and nobody else is touched."""

import json
from typing import Any

import pytest
from django.db import connection

from actors import directory, fingers, neighbours
from actors.models import Actor, Organisation
from federation.errors import FederationError
from federation.models import Peer
from tests.neighbour import CONTEXT, PROFILE

pytestmark = pytest.mark.django_db
ODD: list[Any] = [
    None, True, 0, -1, 1e9, "", "x", "\u202e", [], [None], [[]], {}, {"a": None}, {"href": 5}, ["x", 5, {}], "é" * 600,
]  # fmt: skip
BYTES = [
    b"", b"null", b"[]", b"5", b"{", b"\xff", b'{"a": NaN}', b"[" * 100_000, b'{"links": "\\u0000"}', b'{"a":1,"a":2}',
]  # fmt: skip
SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/2.1"


def as_json(whole):
    return ("application/json", json.dumps(whole).encode())


@pytest.fixture
def told(vernay):
    """Vernay tells all that a partner tells; `tell` changes one thing and asks."""
    whole = {
        "/.well-known/nodeinfo": {"links": [{"rel": SCHEMA, "href": f"{vernay.origin}/nodeinfo/2.1"}]},
        "/nodeinfo/2.1": {
            "usage": {"users": {"total": 168}},
            "metadata": {"nodeName": "Vernay", "instanceActor": vernay.house, "accountDomain": ""},
        },
        "/users/instance": vernay.documents["/users/instance"]
        | {"directory": f"{vernay.origin}/people", "organisation": f"{vernay.origin}/town"},
        "/town": vernay.documents["/users/lucie"]
        | {"id": f"{vernay.origin}/town", "type": "Organization", "name": "Ville de Vernay", "publicKey": None},
        "/users/instance/followers": {
            "@context": CONTEXT,
            "id": vernay.followers(),
            "items": ["http://localhost:8000/x"],
        },
        "/people": {"@context": CONTEXT, "id": f"{vernay.origin}/people", "items": [vernay.documents["/users/lucie"]]},
    }
    publish(vernay, whole)
    return whole


def publish(vernay, whole):
    for path, document in whole.items():
        vernay.documents[path] = as_json(document) if "nodeinfo" in path else document


def learn(vernay):
    """What a worker does now and then; nothing but a refusal of our own kind may come of it."""
    Peer.objects.update(learn_at="2026-01-01T00:00:00Z")
    assert neighbours.learn_due() == 1
    return Peer.objects.get(pk=vernay.peer.pk)


def test_what_a_partner_tells_is_learned(vernay, told):
    peer = learn(vernay)
    assert (peer.name, peer.agent_count, peer.partner_hosts) == ("Vernay", 168, ["localhost:8000"])
    assert Organisation.objects.get(host=vernay.host).name == "Ville de Vernay"
    assert Actor.objects.filter(uri=vernay.lucie).exists()


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/.well-known/nodeinfo", ["links"]),
        ("/.well-known/nodeinfo", ["links", 0]),
        ("/.well-known/nodeinfo", ["links", 0, "rel"]),
        ("/.well-known/nodeinfo", ["links", 0, "href"]),
        ("/nodeinfo/2.1", ["usage"]),
        ("/nodeinfo/2.1", ["usage", "users"]),
        ("/nodeinfo/2.1", ["usage", "users", "total"]),
        ("/nodeinfo/2.1", ["metadata"]),
        ("/nodeinfo/2.1", ["metadata", "nodeName"]),
        ("/nodeinfo/2.1", ["metadata", "accountDomain"]),
        ("/nodeinfo/2.1", ["metadata", "instanceActor"]),
        ("/users/instance", ["profile"]),
        ("/users/instance", ["directory"]),
        ("/users/instance", ["organisation"]),
        ("/users/instance", ["followers"]),
        ("/town", ["name"]),
        ("/town", ["shortName"]),
        ("/town", ["siren"]),
        ("/town", ["kind"]),
        ("/town", ["arms"]),
        ("/users/instance/followers", ["items"]),
        ("/users/instance/followers", ["orderedItems"]),
        ("/users/instance/followers", ["first"]),
        ("/users/instance/followers", ["next"]),
        ("/people", ["items"]),
        ("/people", ["first"]),
        ("/people", ["items", 0]),
    ],
)
def test_whatever_a_neighbour_tells_is_survived(vernay, told, path, where):
    for odd in ODD:
        whole = json.loads(json.dumps(told[path]))
        inner = whole
        for step in where[:-1]:
            inner = inner[step]
        inner[where[-1]] = odd
        publish(vernay, told | {path: whole})
        peer = learn(vernay)
        assert (peer.state, peer.host) == ("active", vernay.host)
        assert peer.name and 0 <= peer.agent_count <= 1_000_000


@pytest.mark.parametrize("path", ["/.well-known/nodeinfo", "/nodeinfo/2.1", "/users/instance", "/town", "/people"])
def test_whatever_a_neighbour_answers_is_survived(vernay, told, path):
    for body in BYTES:
        kind = "application/json" if "nodeinfo" in path else "application/activity+json"
        vernay.documents[path] = (kind, body)
        assert learn(vernay).state == "active"


@pytest.mark.parametrize("where", [None, "subject", "links", "aliases"])
def test_whatever_webfinger_answers_is_a_refusal_or_a_person(vernay, where):
    link = {"rel": "self", "type": "application/activity+json", "href": vernay.lucie}
    whole = {"subject": f"acct:lucie@{vernay.host}", "links": [link], "aliases": []}
    odd_links = [[link | {name: odd}] for name in link for odd in ODD] if where == "links" else []
    answers = (
        [as_json(whole | {where: odd}) for odd in [*ODD, *odd_links]] if where else [("x/y", body) for body in BYTES]
    )
    for answer in answers:
        vernay.documents["/.well-known/webfinger"] = answer
        try:
            found = fingers.resolve("lucie", vernay.host)
        except FederationError:
            continue
        assert where == "aliases" and (found.uri, found.domain) == (vernay.lucie, vernay.host)


def test_a_handle_is_believed_within_its_own_house_only(vernay, stranger):
    link = {"rel": "self", "type": "application/activity+json", "href": vernay.lucie}
    for change in (
        {"links": [link | {"href": stranger.mallory}]},
        {"links": [link | {"type": "text/html"}]},
        {"links": [link | {"rel": "other"}]},
        {"subject": f"acct:lucie@{stranger.host}"},
        {"subject": "acct:lucie@localhost:8000"},
        {"subject": f"acct:maire@{vernay.host}"},
    ):
        whole = {"subject": f"acct:lucie@{vernay.host}", "links": [link]} | change
        vernay.documents["/.well-known/webfinger"] = as_json(whole)
        with pytest.raises(FederationError):
            fingers.resolve("lucie", vernay.host)
    assert stranger.asked == []


@pytest.mark.parametrize(
    "name", ["\0", "@", "a@b@c", "x" * 5000, "lucie@..", "lucie@a..b", "lucie@127.0.0.1:99999", "%", ""]
)
def test_an_odd_name_is_nobody_s(vernay, julien, name):
    for look in (directory.by_address, directory.on_page):
        with pytest.raises(FederationError):
            look(name)
    assert directory.search(name + "zz").count() == 0


class TestLists:
    def page(self, vernay, name, **more):
        vernay.documents[f"/{name}"] = {"@context": CONTEXT, "id": f"{vernay.origin}/{name}", **more}
        return f"{vernay.origin}/{name}"

    def test_a_list_that_follows_itself_ends(self, vernay):
        uri = self.page(vernay, "p0", items=["a"], first=f"{vernay.origin}/p1", totalItems=10**6)
        self.page(vernay, "p1", items=["b"], next=f"{vernay.origin}/p2", first=f"{vernay.origin}/p1")
        self.page(vernay, "p2", items=["c"], next=f"{vernay.origin}/p1")
        assert neighbours.items(uri) == ["a", "b", "c"]
        assert neighbours.items(self.page(vernay, "self", items="d", next=f"{vernay.origin}/self")) == ["d"]

    def test_a_list_without_end_is_left_after_ten_pages(self, vernay):
        for number in range(30):
            self.page(vernay, f"p{number}", orderedItems=["x"] * 500, next=f"{vernay.origin}/p{number + 1}")
        assert len(neighbours.items(f"{vernay.origin}/p0")) == 1000
        nested: dict[str, Any] = {"items": ["x"]}
        for _ in range(25):
            nested = {"items": ["x"], "next": nested}
        assert len(neighbours.items(self.page(vernay, "nested", first=nested))) == 9

    def test_a_list_does_not_go_on_in_another_house(self, vernay, stranger):
        for following in (f"{stranger.origin}/p", "http://169.254.169.254/", "javascript:x", 5, ["x"]):
            assert neighbours.items(self.page(vernay, "p", items=["a"], next=following)) == ["a"]
        assert stranger.asked == []

    def test_a_directory_of_names_alone_makes_a_hundred_calls_at_most(self, vernay):
        names = [f"{vernay.origin}/nobody/{number}" for number in range(150)]
        uri = self.page(vernay, "p0", items=names[:100], next=f"{vernay.origin}/p1")
        self.page(vernay, "p1", items=names[100:])
        assert neighbours.learn_directory(vernay.peer, uri) == 0
        assert len([path for path, _ in vernay.asked if path.startswith("/nobody")]) == 100

    def test_one_who_cannot_be_read_does_not_hide_the_others(self, vernay):
        people = [*ODD, {"id": vernay.origin}, vernay.documents["/users/lucie"]]
        assert neighbours.learn_directory(vernay.peer, self.page(vernay, "p", items=people)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_house_that_is_suspended_while_it_answers_stays_suspended(vernay, told):
    def late(request):
        Peer.objects.update(state="suspended")
        connection.close()
        return told["/people"]

    vernay.documents["/people"] = late
    assert learn(vernay).state == "suspended"


def test_a_partner_is_one_that_says_so(vernay, told):
    publish(vernay, told | {"/users/instance": told["/users/instance"] | {"profile": [PROFILE]}})
    assert learn(vernay).speaks_preau is False
