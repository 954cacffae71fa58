"""Odd JSON, odd sizes and odd types are refused or survived, never a fault (security rows 49, 53 to 62)."""

import json
from typing import Any

import pytest
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import RequestFactory

from inbox.models import Receipt
from instance.wsgi import application
from outbox.models import Post

pytestmark = pytest.mark.django_db
AS2 = "https://www.w3.org/ns/activitystreams"


@pytest.mark.row(53)
@pytest.mark.parametrize("word", ["@graph", "@included", "@reverse"])
def test_statements_hidden_in_json_ld_are_refused_wherever_they_stand(vernay, julien, arrives, word):
    whole = vernay.create(vernay.lucie, [julien.uri])
    hidden = {word: [{"id": "x"}]}
    for activity in (whole | hidden, whole | {"tag": [{"x": hidden}]}, whole | {"object": whole["object"] | hidden}):
        assert arrives(vernay, activity) == 400


@pytest.mark.row(54, 55)
def test_a_context_that_redefines_what_we_read_makes_nothing_of_it(vernay, julien, arrives):
    whole = vernay.create(vernay.lucie, [julien.uri])
    for term in ("actor", "object", "type", "id", "to", "attributedTo"):
        context = [whole["@context"], {term: {"@id": "as:summary"}}]
        again = vernay.create(vernay.lucie, [julien.uri]) | {"@context": context}
        assert arrives(vernay, again) in (400, "ignored"), term
    assert not Post.objects.exists()


def test_a_context_of_elsewhere_is_never_fetched(vernay, stranger, julien, arrives):
    for context in (f"{stranger.origin}/ns", [AS2, f"{stranger.origin}/ns"], [f"{stranger.origin}/ns", {"x": "as:to"}]):
        whole = vernay.create(vernay.lucie, [julien.uri]) | {"@context": context}
        assert arrives(vernay, whole) == "handled"
    assert stranger.asked == []


@pytest.mark.parametrize("odd", [None, 7, True, [7], [None], [[AS2]], {"@context": 5}])
def test_a_context_that_is_none_is_refused(vernay, julien, arrives, odd):
    assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri]) | {"@context": odd}) == 400


def test_without_a_context_that_of_activitystreams_is_meant(vernay, julien, arrives):
    """Activity Streams 2.0, section 2.1, which the media types of ActivityPub refer to."""
    whole = vernay.create(vernay.lucie, [julien.uri])
    assert arrives(vernay, {key: value for key, value in whole.items() if key != "@context"}) == "handled"
    odd_ones: list[Any] = [[], {}, [{"toot": "http://joinmastodon.org/ns#", "Hashtag": "as:Hashtag"}]]
    for context in odd_ones:
        assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri]) | {"@context": context}) == "handled"
    assert Post.objects.count() == 4


@pytest.mark.row(25)
def test_a_signature_inside_a_letter_proves_nothing(vernay, julien, client):
    mallory = vernay.add_actor("mallory")
    signature = {"type": "RsaSignature2017", "creator": f"{vernay.lucie}#main-key", "signatureValue": "x"}
    activity = vernay.create(vernay.lucie, [julien.uri], signature=signature) | {"signature": signature}
    assert vernay.post(client, activity, signer=mallory).status_code == 403


@pytest.mark.row(56)
@pytest.mark.parametrize(
    "body",
    [
        b"7",
        b'"x"',
        b"true",
        b'{"a": 1e999}',
        b'{"a": -1e999}',
        b'{"a": Infinity}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": "\\ud800"}',
        b'{"\\ud800": 1}',
        b'{"\\u0000": 1}',
        b'{"a": "\x00"}',
        b'\xef\xbb\xbf{"a": 1}',
        '{"a": "é"}'.encode("latin-1"),
        '{"a": 1}'.encode("utf-16"),
        b'{"a": ' * 5000 + b"1" + b"}" * 5000,
        b'{"a": ' + b"[" * 65 + b"]" * 65 + b"}",
        b'{"a": 1, "a": 1}',
        b'{"b": {"a": 1, "\\u0061": 2}}',
        b'{"a": 1} {"a": 1}',
        b"{'a': 1}",
    ],
)
def test_json_that_cannot_be_read_in_one_way_is_refused(vernay, client, body):
    assert vernay.post(client, body, signer=vernay.lucie).status_code == 400
    assert not Receipt.objects.exists()


@pytest.mark.row(59)
@pytest.mark.parametrize(
    ("kind", "read"),
    [
        ("application/activity+json; charset=utf-8", True),
        (f'application/ld+json; profile="{AS2}"', True),
        (f'Application/LD+JSON;profile="https://example.org {AS2}"', True),
        ("application/ld+json", False),
        (f'application/ld+json; note="{AS2}"', False),
        (f'application/ld+json; profile="{AS2}x"', False),
        ("application/json", False),
        ("text/html", False),
        ("application/x-www-form-urlencoded", False),
        ("multipart/form-data; boundary=x", False),
        ("", False),
    ],
)
def test_only_the_two_media_types_of_activitypub_are_read(vernay, julien, client, kind, read):
    """What is read is then refused, since its media type is not the one that was signed."""
    answer = vernay.post(client, vernay.create(vernay.lucie, [julien.uri]), **{"content-type": kind})
    assert answer.status_code == (401 if read else 415)


@pytest.mark.row(59)
@pytest.mark.parametrize(
    "kind", ["x/y; z*=nothing''x", f"x/y; z={'z' * 20_000}", f"application/ld+json; profile*=x''\"{AS2}\""]
)
def test_a_media_type_that_the_framework_cannot_parse_is_none(kind):
    """As a server calls us: the request is made of it before any view is chosen."""
    answers = []
    environ = RequestFactory(headers={"host": "localhost:8000"})._base_environ(
        REQUEST_METHOD="POST", PATH_INFO="/ap/inbox", CONTENT_TYPE=kind, CONTENT_LENGTH="0"
    )
    request_started.disconnect(close_old_connections)  # as Django's own test client does: the test holds a transaction
    try:
        list(application(environ, lambda status, headers, error=None: answers.append(status)))
    finally:
        request_started.connect(close_old_connections)
    assert answers == ["415 Unsupported Media Type"]


@pytest.mark.parametrize(
    ("length", "status"), [("1000001", 413), ("", 413), ("9" * 5000, 413), ("-1", 413), ("1e3", 413)]
)
def test_what_is_too_large_or_of_no_known_size_is_not_read(vernay, julien, client, length, status):
    activity = json.dumps(vernay.create(vernay.lucie, [julien.uri])).encode()
    headers = vernay.sign("POST", "/ap/inbox", activity, vernay.lucie, "localhost:8000")
    kind = headers.pop("content-type")
    answer = client.generic("POST", "/ap/inbox", activity, kind, headers=headers, CONTENT_LENGTH=length)
    assert (answer.status_code, Receipt.objects.count()) == (status, 0)
