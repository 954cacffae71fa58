"""What each kind of happening tells, and to whom, of those who listen: rights are asked again for each of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from django.utils.timezone import now

from inbox import announcements
from instance.client_api.entities.announcements import announcement
from instance.client_api.telling import notices, rendering, standing
from instance.client_api.telling.listening import Listening, To
from instance.client_api.telling.rendering import Told, words
from outbox import readership

log = structlog.get_logger()
NEWS = timedelta(days=1)
Entity = dict[str, Any]
Teller = Callable[[list[int], Listening], list[Entity]]


def tell(hints: list[tuple[str, list[int]]], listening: dict[str, list[int]]) -> list[Entity]:
    """Events, in the order in which they happened: `event`, `payload` (text, or none), `to` (readers by channel)."""
    there, found = Listening(listening), []
    for number, (kind, ids) in enumerate(hints):
        if number and (kind, ids) == tuple(hints[number - 1]):
            continue  # some verbs do several things
        try:
            found += TELLERS[kind](ids, there)
        except Exception:
            log.exception("telling.failed", kind=kind)
    return found


def events(event: str, told: Told) -> list[Entity]:
    return [{"event": event, "payload": payload, "to": to} for payload, to in told]


def same(event: str, payload: str | None, to: To) -> list[Entity]:
    there = {name: list(each) for name, each in to.items() if each}
    return [{"event": event, "payload": payload, "to": there}] if there else []


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


def conversed(keys: list[int], listening: Listening) -> list[Entity]:
    return events("conversation", notices.of_talk(keys, listening["direct"]))


def announced(keys: list[int], listening: Listening) -> list[Entity]:
    """To all of our agents, if it is shown now."""
    shown = announcements.current().filter(pk__among=keys)
    to = {"home": readership.agents_among(listening["home"])}
    return [each for row in shown for each in same("announcement", words(announcement(row, put_away=0)), to)]


def unannounced(keys: list[int], listening: Listening) -> list[Entity]:
    to = {"home": readership.agents_among(listening["home"])}
    return [each for key in keys for each in same("announcement.delete", str(key), to)]


def filters_changed(readers: list[int], listening: Listening) -> list[Entity]:
    return same("filters_changed", None, {"home": listening["home"] & set(readers)})


TELLERS: dict[str, Teller] = {
    "written": written,
    "edited": edited,
    "withdrawn": withdrawn,
    "shared": shared,
    "told": told,
    "conversed": conversed,
    "announced": announced,
    "unannounced": unannounced,
    "filters_changed": filters_changed,
}
