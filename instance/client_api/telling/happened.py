"""What each kind of happening tells, and to whom, of those who listen: rights are asked again for each of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from django.utils.timezone import now

from instance.client_api.telling import notices, rendering, standing
from instance.client_api.telling.listening import Listening, To
from instance.client_api.telling.rendering import Told
from outbox import readership

log = structlog.get_logger()
NEWS = timedelta(days=1)
Entity = dict[str, Any]
Teller = Callable[[list[int], Listening], list[Entity]]


def tell(hints: list[tuple[str, list[int]]], listening: dict[str, list[int]]) -> list[Entity]:
    """Events, in the order in which they happened: `event`, `payload` (text, or none), `to` (readers by channel)."""
    there, found = Listening(listening), []
    for kind, ids in hints:
        try:
            found += TELLERS[kind](ids, there)
        except Exception:
            log.exception("telling.failed", kind=kind)
    return found


def events(event: str, told: Told) -> list[Entity]:
    return [{"event": event, "payload": payload, "to": to} for payload, to in told]


def same(event: str, payload: str | None, to: To) -> list[Entity]:
    return [{"event": event, "payload": payload, "to": {name: list(each) for name, each in to.items()}}] if to else []


def written(keys: list[int], listening: Listening) -> list[Entity]:
    """But for what has been written long ago, and is here only now because somebody speaks of it."""
    found = []
    for post in readership.of_keys(keys):
        if post.published_at > now() - NEWS and (to := standing.of_post(post, listening)):
            found += events("update", rendering.of_post(post, to, new=True))
    return found


def edited(keys: list[int], listening: Listening) -> list[Entity]:
    found = []
    for post in readership.of_keys(keys):
        if to := standing.of_post(post, listening):
            found += events("status.update", rendering.of_post(post, to, new=False))
    return found


def withdrawn(keys: list[int], listening: Listening) -> list[Entity]:
    posts = readership.of_keys(keys, withdrawn=True)
    return [each for post in posts for each in same("delete", str(post.number), standing.of_withdrawn(post, listening))]


def shared(keys: list[int], listening: Listening) -> list[Entity]:
    found = []
    for share in readership.shares_of_keys(keys):
        if to := standing.of_share(share, listening):
            found += events("update", rendering.of_share(share, to))
    return found


def told(keys: list[int], listening: Listening) -> list[Entity]:
    return events("notification", notices.of(keys, listening["notifications"]))


def filters_changed(readers: list[int], listening: Listening) -> list[Entity]:
    there = listening["home"] & set(readers)
    return same("filters_changed", None, {"home": there} if there else {})


TELLERS: dict[str, Teller] = {
    "written": written,
    "edited": edited,
    "withdrawn": withdrawn,
    "shared": shared,
    "told": told,
    "filters_changed": filters_changed,
}
