"""Whatever shape a stranger's words have, they are cut, refused or survived, never a fault (rows 49, 56, 60 to 62)."""

import json
import time
from typing import Any

import pytest
from django.test import Client

from actors import directory
from actors.models import Actor
from federation.errors import FederationError
from inbox.models import Receipt
from outbox.models import Hashtag, Post

pytestmark = pytest.mark.django_db
ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "x",
    "\u202e",
    [],
    [[]],
    [None],
    {},
    {"id": {}},
    {"id": ["x"]},
    [{"type": []}],
    "é" * 600,
]


def deep(depth):
    return json.loads("[" * depth + "]" * depth)


@pytest.mark.row(60)
def test_thousands_of_recipients_and_names_are_cut_short(vernay, julien, arrives):
    crowd = [f"{vernay.origin}/users/{number}" for number in range(10_000)]
    tags = [{"type": "Mention", "href": uri, "name": "@x"} for uri in crowd[:4000]]
    subjects = [{"type": "Hashtag", "name": f"#n{number}"} for number in range(4000)]
    began = time.monotonic()
    assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri, *crowd])) == "handled"
    assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri], tag=tags)) == "handled"
    assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri], tag=subjects)) == "handled"
    assert Hashtag.objects.count() <= 64
    assert time.monotonic() - began < 5


def test_a_subject_is_one_word(vernay, julien, arrives):
    names = ["#Été", "#deux mots", "#a/../b", "#<b>", "#" + "İ" * 100, "##x", 5, None, "#\u202e", "#plan-vélo"]
    tags = [{"type": "Hashtag", "name": name} for name in names]
    assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri], tag=tags)) == "handled"
    assert sorted(Hashtag.objects.values_list("name", flat=True)) == ["plan-vélo", "x", "été"]


@pytest.mark.row(56)
@pytest.mark.parametrize(
    "name",
    [
        "to", "cc", "tag", "attachment", "inReplyTo", "content", "contentMap", "summary", "published", "updated", "url",
        "replies", "interactionPolicy", "source", "name", "likes", "context", "generator", "icon",
    ],
)  # fmt: skip
def test_whatever_a_post_holds_it_is_survived(vernay, julien, client, work, name):
    for odd in [*ODD, deep(40), [{"type": "Mention", "href": odd} for odd in ODD]]:
        note = vernay.note(vernay.lucie, [julien.uri]) | {name: odd}
        edited = note | {"content": "autre", "updated": "2026-11-01T10:00:00Z"}
        for activity in (
            vernay.activity("Create", vernay.lucie, note),
            vernay.activity("Update", vernay.lucie, edited),
        ):
            assert vernay.post(client, activity).status_code == 202
    work()
    assert set(Receipt.objects.values_list("state", flat=True)) <= {"handled", "ignored"}


@pytest.mark.row(56)
@pytest.mark.parametrize(
    "verb", ["Accept", "Add", "Announce", "Block", "Create", "Delete", "EmojiReact", "Flag", "Follow", "Like", "Move",
             "Reject", "Remove", "Undo", "Update", "Arrive"],
)  # fmt: skip
def test_whatever_an_activity_is_about_it_is_survived(vernay, julien, client, work, verb):
    about = vernay.add_actor("eve")
    for odd in [*ODD, deep(40), {"id": julien.uri, "type": ["Person"]}, {"id": about, "type": {}}]:
        for activity in (
            vernay.activity(verb, vernay.lucie, odd),
            vernay.activity(verb, vernay.lucie, {"id": odd, "type": "Note", "object": odd, "actor": odd}),
            vernay.activity(verb, vernay.lucie, about, target=odd, content=odd, to=odd),
        ):
            assert vernay.post(client, activity).status_code in (202, 400, 403)
    work()
    assert set(Receipt.objects.values_list("state", flat=True)) <= {"handled", "ignored"}


def test_replies_told_as_pages_within_a_post_are_no_trouble(vernay, julien, arrives):
    page = {"type": "CollectionPage", "next": f"{vernay.origin}/r?page=1", "items": [vernay.note(vernay.lucie, [])]}
    replies = {"id": f"{vernay.origin}/r", "type": "Collection", "first": page | {"first": page}}
    assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri], replies=replies)) == "handled"
    assert Post.objects.count() == 1


@pytest.mark.parametrize("value", ["2024-13-45T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
                                   "2026-01-01T00:00:00+99:99", "hier", 5, "2" * 100_000])  # fmt: skip
def test_an_odd_date_is_no_date(vernay, julien, arrives, value):
    assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri], published=value)) == "handled"
    assert Post.objects.get().published_at.year >= 2026


@pytest.mark.parametrize(
    "name", ["id", "type", "preferredUsername", "name", "summary", "occupation", "inbox", "outbox", "endpoints",
             "followers", "publicKey", "icon", "url", "alsoKnownAs", "movedTo", "service", "discoverable"],
)  # fmt: skip
def test_whatever_an_actor_holds_she_is_read_or_refused(vernay, julien, client, name):
    """Through the door: her key is asked for because she knocks."""
    for number, odd in enumerate([*ODD, deep(40), [{"url": odd} for odd in ODD], {"sharedInbox": 5, "url": {}}]):
        uri = vernay.add_actor(f"eve{number}")
        vernay.documents[f"/users/eve{number}"][name] = odd
        answer = vernay.post(client, vernay.create(uri, [julien.uri]))
        assert answer.status_code in (202, 400, 401, 403, 503)


@pytest.mark.row(49)
@pytest.mark.parametrize(
    "handle", ["a" * 5000, "maire\u202e", "ma\u200bire", "a@b", "a b", "a\0", "é", "", "/", None, 5]
)
def test_a_handle_is_plain_letters(vernay, julien, client, handle):
    uri = vernay.add_actor("eve", preferredUsername=handle)
    assert vernay.post(client, vernay.create(uri, [julien.uri])).status_code in (400, 401)
    with pytest.raises(FederationError):
        directory.learn(uri)
    assert not Actor.objects.filter(uri=uri).exists()


@pytest.mark.row(15, 56)
@pytest.mark.parametrize(
    "answer",
    [
        ("application/activity+json", b"[]"),
        ("application/activity+json", b"null"),
        ("application/activity+json", b"{"),
        ("application/activity+json", b"\xff"),
        ("application/activity+json", b"[" * 100_000),
        ("application/ld+json; profile*=nothing''%41", b"{}"),
        (f"application/activity+json; x={'y' * 7000}", b"{}"),
        ('application/activity+json;;;=;"', b"{}"),
        ("text/html", b"<p>"),
        ("image/png", b"{}"),
    ],
)
def test_garbage_instead_of_a_key_is_no_fault_of_ours(vernay, julien, client, answer):
    activity = vernay.create(vernay.lucie, [julien.uri])
    vernay.documents["/users/lucie"] = answer
    assert vernay.post(client, activity).status_code in (400, 401, 403, 503)
    assert not Receipt.objects.exists()


@pytest.mark.row(101)
@pytest.mark.parametrize(
    "ulid", ["x", "-", "_", "0" * 3000, "01k9".upper() * 6, "a/../b", "%00", "%ff", "%F0%9F%92%A9", "."]
)
def test_an_odd_name_in_an_address_is_nobody(vernay, julien, client, ulid):
    for path in (f"/ap/objects/{ulid}", f"/ap/objects/{ulid}/replies", f"/ap/activities/{ulid}", f"/ap/actors/{ulid}",
                 f"/ap/actors/{ulid}/outbox", f"/ap/actors/{ulid}/followers"):  # fmt: skip
        assert vernay.get(client, f"http://localhost:8000{path}").status_code in (404, 410)
        assert client.get(path).status_code in (401, 404)
        assert client.post(f"{path}/inbox", b"{}", content_type="application/activity+json").status_code in (404, 415)


def test_every_address_answers_to_its_own_verbs_only(vernay, julien):
    """Even to a client whose forms are checked: machines know no CSRF token."""
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost:8000"})
    for path in (julien.uri, julien.outbox, julien.followers_uri, "http://localhost:8000/ap/instance/directory"):
        for verb in (strict.post, strict.put, strict.delete, strict.patch):
            assert verb(path[21:], b"{}", content_type="application/activity+json").status_code == 405
    assert strict.get("/ap/inbox").status_code == 405
    assert strict.head(julien.uri[21:]).status_code == 200
    assert vernay.get(strict, "http://localhost:8000/ap/instance/directory?page=x").status_code == 400


@pytest.mark.row(49)
def test_webfinger_survives_any_question(julien, client):
    for resource in ("acct:\0@localhost:8000", "\0", "acct:", "acct:@", "x" * 5000, "acct:a@b@c", "%ff", "http://[::1"):
        assert client.get("/.well-known/webfinger", {"resource": resource}).status_code in (400, 404)
