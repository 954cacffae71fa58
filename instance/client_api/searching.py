"""Search: people of the directory, what was written (as far as one may read it), subjects; `resolve` asks elsewhere."""

from collections.abc import Callable
from typing import Any, TypeVar

from actors.models import Actor
from federation.errors import FederationError
from inbox import search as finding
from instance.client_api import accounts as people
from instance.client_api.door import Call, door
from instance.client_api.entities import accounts, statuses
from instance.client_api.routing import at
from outbox import trimmings
from outbox.posts import Post

KINDS = ("", "accounts", "statuses", "hashtags")
Found = TypeVar("Found")
MOST = 40


@door("read:search")
def second(call: Call) -> Any:
    return found(call) | {"hashtags": [statuses.subject(each) | NO_HISTORY for each in subjects(call)]}


@door("read:search")
def first(call: Call) -> Any:
    return found(call) | {"hashtags": subjects(call)}


NO_HISTORY: dict[str, Any] = {"history": []}


def found(call: Call) -> dict[str, Any]:
    words = call.text("q", 500).strip()
    return {
        "accounts": accounts.accounts(persons(call, words), call.me),
        "statuses": statuses.statuses(written(call, words), call.me),
    }


def wanted(call: Call, kind: str) -> bool:
    return call.choice("type", KINDS, "") in ("", kind)


def part(call: Call) -> slice:
    """Which of the results: by number, as they have no order in time."""
    first = min(max(call.integer("offset", 0) or 0, 0), 1000)
    return slice(first, first + call.window(20, MOST).limit)


def persons(call: Call, words: str) -> list[Actor]:
    if not words or not wanted(call, "accounts"):
        return []
    resolve = bool(call.flag("resolve"))
    if is_address(words):
        return known(lambda: people.met(call, finding.actor_at(call.me, words, resolve).pk))
    return people.found_by(call, words.lstrip("@"), resolve)[part(call)]


def written(call: Call, words: str) -> list[Post]:
    if not words or not wanted(call, "statuses"):
        return []
    if is_address(words):
        return known(lambda: finding.post_at(call.me, words, bool(call.flag("resolve"))))
    return list(finding.written(call.me, words)[part(call)])


def is_address(words: str) -> bool:
    return words.startswith(("https://", "http://"))


def known(find: Callable[[], Found]) -> list[Found]:
    """One or none: what cannot be found, here or elsewhere, is no fault of a search."""
    try:
        return [find()]
    except FederationError:
        return []


def subjects(call: Call) -> list[str]:
    words = call.text("q", 500).strip().lstrip("#")
    return trimmings.subjects_beginning(call.me, words, MOST)[part(call)] if words and wanted(call, "hashtags") else []


ROUTES = [at("v2/search", GET=second), at("v1/search", GET=first)]
