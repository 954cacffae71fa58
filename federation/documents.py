"""When an answer is a document: the media types of ActivityPub, strict JSON, and an id that says where it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.http import parse_header_parameters

from federation import addresses, normalising, peers, plain_json
from federation.errors import Malformed, NotBelieved, NotFetched
from federation.vocabulary import ACTIVITY_JSON, LD_JSON

LD, PROFILE = "application/ld+json", LD_JSON.split('"')[1]


@dataclass(frozen=True)
class Answer:
    """Header names are in lower case; `url` is the last one, after redirects."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


def speaks_activitystreams(content_type: str) -> bool:
    """Only the two media types of ActivityPub: a picture or a page that somebody uploaded is no document."""
    try:
        kind, parameters = parse_header_parameters(content_type)
    except (ValueError, LookupError):  # too long, or in an encoding that nobody knows
        return False
    return kind == ACTIVITY_JSON or (kind == LD and PROFILE in parameters.get("profile", "").split())


def read(answer: Answer) -> dict[str, Any]:
    if answer.status != 200:
        raise NotFetched(f"{answer.url} answered {answer.status}")
    if not speaks_activitystreams(answer.headers.get("content-type", "")):
        raise NotBelieved(f"{answer.url} is not an ActivityStreams document")
    try:
        found = plain_json.loads(answer.body)
        return found if {"id", "type"} <= found.keys() else normalising.plain(found, peers.authority_of(answer.url))
    except Malformed as error:
        raise NotBelieved(f"{answer.url}: {error}") from error


def own_id(document: dict[str, Any], answer: Answer) -> str:
    """The id, of the house that answered. Nobody speaks for another house."""
    named = document.get("id")
    try:
        if isinstance(named, str) and peers.authority_of(named) == peers.authority_of(answer.url):
            return "#".join([addresses.as_sent(named), *named.split("#")[1:]])
    except Malformed as error:
        raise NotBelieved(f"{answer.url} has no id that can be read") from error
    raise NotBelieved(f"{answer.url} speaks for another house")


def is_at_home(document: dict[str, Any], answer: Answer) -> bool:
    return own_id(document, answer) == answer.url
