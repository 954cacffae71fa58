"""A poll, ours or one held elsewhere: a note with choices, how many chose each, and an end.

Its options, and what the house that holds it tells of the votes, are kept in `details["poll"]`: `options` (titles),
`multiple`, `ends_at`; `counts` and `voters` of those held elsewhere; `hide_totals` of ours.
"""

from typing import Any

from federation import words
from federation.vocabulary import as_list
from outbox import counting
from outbox.kinds import note, pieces
from outbox.models import Post

name, type = "question", "Question"
OPTIONS, TITLE = 20, 200


def to_document(post: Post) -> dict[str, Any]:
    seen = counting.results([post], None)[post.pk]
    end = seen.ends_at.isoformat(timespec="seconds").replace("+00:00", "Z") if seen.ends_at else None
    return {
        **note.to_document(post),
        "anyOf" if seen.multiple else "oneOf": [choice(each) for each in seen.options],
        "endTime": end,
        "closed": end if seen.over else None,
        "votersCount": seen.voters,
    }


def choice(option: counting.Option) -> dict[str, Any]:
    told = {} if option.count is None else {"totalItems": option.count}
    return {"type": "Note", "name": option.title, "replies": {"type": "Collection", **told}}


def from_document(document: dict[str, Any]) -> dict[str, Any]:
    columns = pieces.titled(document)
    offered = [each for each in offers(document) if title_of(each)]
    return columns | {"details": {"poll": poll(document, offered)}} if offered else columns


def offers(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Its choices, of which each stands once: one votes for a choice by its title."""
    said = [*as_list(document.get("oneOf")), *as_list(document.get("anyOf"))]
    found: dict[str, dict[str, Any]] = {}
    for each in said[:OPTIONS]:
        if isinstance(each, dict):
            found.setdefault(title_of(each), each)
    return list(found.values())


def title_of(option: dict[str, Any]) -> str:
    return words.line(option.get("name"), TITLE)


def poll(document: dict[str, Any], offered: list[dict[str, Any]]) -> dict[str, Any]:
    end = pieces.instant(document.get("closed")) or pieces.instant(document.get("endTime"))
    if end is None and document.get("closed") is True:
        end = pieces.instant(document.get("updated")) or pieces.instant(document.get("published"))
    return {
        "options": [title_of(each) for each in offered],
        "counts": [count_of(each.get("replies")) for each in offered],
        "voters": number(document.get("votersCount")),
        "multiple": not as_list(document.get("oneOf")),
        "ends_at": end.isoformat() if end else None,
    }


def count_of(replies: object) -> int | None:
    return number(replies.get("totalItems")) if isinstance(replies, dict) else None


def number(said: object) -> int | None:
    return said if isinstance(said, int) and not isinstance(said, bool) and 0 <= said < 10**9 else None
