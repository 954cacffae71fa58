"""When an answer is a document, and that it comes from the address that is its id."""

import json

import pytest

from federation import http
from federation.errors import NotFetched
from tests.federation.hostile import AS2, document, reply


@pytest.mark.parametrize(
    "kind",
    [
        AS2,
        f"{AS2}; charset=utf-8",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
        'Application/LD+JSON;charset=utf-8;profile="https://other.example https://www.w3.org/ns/activitystreams"',
    ],
)
def test_the_types_of_activitypub_are_documents(martel, kind):
    martel.pages["/a"] = reply(body=document(martel, "/a"), kind=kind)
    assert http.get_document(f"{martel.origin}/a")["type"] == "Note"


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "application/ld+json",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams-more"',
        "text/plain; application/activity+json",
        "text/html",
        "image/png",
        "application/ld+json; profile*=nobody-s-encoding''x",
        "",
    ],
)
def test_row_15_other_types_are_not(martel, kind):
    martel.pages["/a"] = reply(body=document(martel, "/a"), kind=kind)
    with pytest.raises(NotFetched, match="not an ActivityStreams document"):
        http.get_document(f"{martel.origin}/a")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"id":NaN}', b'{"id":"a","id":"b"}', b"\xff", b'{"x":"\\u0000"}'])
def test_a_document_is_strict_json(martel, body):
    martel.pages["/a"] = reply(body=body)
    with pytest.raises(NotFetched):
        http.get_document(f"{martel.origin}/a")


def test_a_page_of_another_status_is_no_document(martel):
    martel.pages["/a"] = reply(410, body=document(martel, "/a"))
    with pytest.raises(NotFetched, match="410"):
        http.get_document(f"{martel.origin}/a")


def test_row_14_a_document_comes_from_the_address_that_is_its_id(martel):
    """What calls itself otherwise is asked for there, and believed there only."""
    martel.pages["/upload"] = reply(body=document(martel, "/mayor", content="forged"))
    martel.pages["/mayor"] = reply(body=document(martel, "/mayor", content="true"))
    assert http.get_document(f"{martel.origin}/upload")["content"] == "true"
    assert martel.paths() == ["/upload", "/mayor"]


def test_row_14_what_calls_itself_otherwise_twice_is_refused(martel):
    martel.pages["/a"] = reply(body=document(martel, "/b"))
    martel.pages["/b"] = reply(body=document(martel, "/a"))
    with pytest.raises(NotFetched, match="calls itself something else"):
        http.get_document(f"{martel.origin}/a")
    assert martel.paths() == ["/a", "/b"]


@pytest.mark.parametrize("named", ["/a#part", None, 1, "https://other.example/a", "a", "http://a b/"])
def test_row_14_a_document_without_its_own_id_is_refused(martel, named):
    named = f"{martel.origin}{named}" if named == "/a#part" else named
    martel.pages["/a"] = reply(body=json.dumps({"id": named}).encode())
    with pytest.raises(NotFetched):
        http.get_document(f"{martel.origin}/a")
    assert set(martel.paths()) == {"/a"}
