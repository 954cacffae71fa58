"""JSON from strangers is read in one way or not at all, and its words mean what they say."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from federation import ids, plain_json, vocabulary
from federation.errors import Malformed

TEXTS = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
NUMBERS = some.integers(-(10**16), 10**16) | some.floats(allow_nan=False, allow_infinity=False)
PLAIN = some.recursive(
    some.none() | some.booleans() | NUMBERS | TEXTS,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@given(some.dictionaries(TEXTS, PLAIN, max_size=5))
def test_plain_objects_are_read_as_they_were_written(document):
    assert plain_json.loads(json.dumps(document).encode()) == document
    assert plain_json.loads(json.dumps(document, ensure_ascii=False).encode()) == document


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b'"a"', b"1", b"null", b"{", b"{} {}", b"{'a': 1}", b"\xff", "{}".encode("utf-16"),
        b"\xef\xbb\xbf{}",
        b'{"a": 1, "a": 1}', b'{"b": {"a": 1, "a": 2}}', b'{"a": NaN}', b'{"a": Infinity}', b'{"a": -Infinity}',
        b'{"a": 1e999}', b'{"a": [-1e999]}', b'{"a": 1234567890123456789}', b'{"a": "\\u0000"}', b'{"\\u0000": 1}',
        b'{"a": "\\ud800"}', b'{"a": ["b", {"c\\udfff": 1}]}',
        b'{"a": ' + b"[" * 70 + b"]" * 70 + b"}", b"[" * 100_000, b'{"a":' * 100_000,
    ],
)  # fmt: skip
def test_what_two_could_read_apart_is_refused(body):
    with pytest.raises(Malformed):
        plain_json.loads(body)


def test_what_stands_at_the_limits_is_read():
    assert plain_json.loads(b'{"a": 123456789012345678, "b": "\xc3\xa9\xf0\x9f\x8c\xb3", "c": -1.5e3}')["b"] == "é🌳"
    assert plain_json.loads(b'{"a": ' + b"[" * 60 + b"]" * 60 + b"}")


@pytest.mark.parametrize(
    ("value", "found"),
    [("https://a/1", ["https://a/1"]), ({"id": "https://a/1"}, ["https://a/1"]), (None, []), ({}, []), (7, [])],
)
def test_a_reference_is_a_uri_or_an_object_with_one(value, found):
    assert vocabulary.ids_of(value) == vocabulary.ids_of([value]) == found
    assert vocabulary.id_of(value) == "".join(found)


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("https://a/1", "https://a/1"),
        ({"type": "Link", "href": "http://a/1"}, "http://a/1"),
        ([{"type": "Link"}, 7, "javascript:alert(1)", {"href": "https://a/2"}, "https://a/3"], "https://a/2"),
        (None, ""),
        (["data:text/html,x"], ""),
    ],
)
def test_a_link_is_the_first_web_address(value, address):
    assert vocabulary.link_of(value) == address


def test_a_text_is_a_text_and_bounded():
    assert (vocabulary.text_of("bonjour", 3), vocabulary.text_of(["bonjour"], 3)) == ("bon", "")


AS2 = "https://www.w3.org/ns/activitystreams"


@pytest.mark.parametrize(
    ("context", "plain"),
    [
        (AS2, True),
        (f"{AS2}#", True),
        ([AS2, "https://w3id.org/security/v1", {"toot": "http://joinmastodon.org/ns#"}], True),
        (vocabulary.CONTEXT, True),
        (None, False),
        ([], False),
        ("https://example.org/ns", False),
        ({"@vocab": AS2}, False),
        ([AS2, {"actor": "https://example.org/ns#object"}], False),
    ],
)
def test_words_mean_themselves_when_activitystreams_is_named_and_nothing_is_redefined(context, plain):
    assert vocabulary.reads_plainly({"@context": context, "id": "https://a/1"}) is plain


@pytest.mark.parametrize("hidden", ["@graph", "@included", "@reverse"])
def test_a_document_hides_no_other(hidden):
    assert not vocabulary.reads_plainly({"@context": AS2, hidden: []})
    assert not vocabulary.reads_plainly({"@context": AS2, "object": [{"tag": [{hidden: {}}]}]})


def test_what_we_write_reads_plainly():
    assert vocabulary.reads_plainly(vocabulary.with_context({"id": "https://a/1", "type": "Note"}))


def test_names_sort_by_time_and_say_nothing(settings):
    before = ids.new_ulid(datetime(2020, 1, 1, tzinfo=UTC))
    assert before < ids.new_ulid()
    assert ids.activity_uri() != ids.activity_uri()
    assert ids.activity_uri("01A") == f"{settings.ORIGIN}/ap/activities/01A"
    assert ids.object_uri("01A") == f"{settings.ORIGIN}/ap/objects/01A"
    assert ids.instance_actor_uri() == f"{settings.ORIGIN}/ap/instance"
