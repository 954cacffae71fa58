"""What the reader keeps at hand, what she found useful, and threads that she silences."""

from typing import Any

from inbox import bookmarks, threads
from instance.client_api import statuses as reading
from instance.client_api.door import Call, door
from instance.client_api.entities import statuses
from instance.client_api.routing import at
from outbox import reactions


@door("read:bookmarks")
def kept(call: Call) -> Any:
    """By the moment of keeping, so that Link is the only way on."""
    return statuses.statuses([row.post for row in call.page(bookmarks.rows(call.me))], call.me)


@door("read:favourites")
def liked(call: Call) -> Any:
    return statuses.statuses([row.post for row in call.page(reactions.of(call.me))], call.me)


@door("write:bookmarks")
def keep(call: Call, number: int) -> Any:
    post = reading.found(call, number)
    bookmarks.add(call.me, post)
    return statuses.status(post, call.me)


@door("write:bookmarks")
def let_go(call: Call, number: int) -> Any:
    post = reading.found(call, number)
    bookmarks.remove(call.me, post)
    return statuses.status(post, call.me)


@door("write:mutes")
def mute(call: Call, number: int) -> Any:
    post = reading.found(call, number)
    threads.mute(call.me, post)
    return statuses.status(post, call.me)


@door("write:mutes")
def unmute(call: Call, number: int) -> Any:
    post = reading.found(call, number)
    threads.unmute(call.me, post)
    return statuses.status(post, call.me)


ROUTES = [
    at("v1/bookmarks", GET=kept),
    at("v1/favourites", GET=liked),
    at(f"{reading.STATUS}/bookmark", POST=keep),
    at(f"{reading.STATUS}/unbookmark", POST=let_go),
    at(f"{reading.STATUS}/mute", POST=mute),
    at(f"{reading.STATUS}/unmute", POST=unmute),
]
