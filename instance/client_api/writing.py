"""Writing and correcting a status, and reacting to one; the same verbs as the pages call."""

from typing import Any

from federation.errors import FederationError
from instance.client_api import composing, rewriting
from instance.client_api import statuses as reading
from instance.client_api.door import Call, door
from instance.client_api.entities import scheduled, statuses
from instance.client_api.routing import at
from outbox import numbered, once, posts, publishing, reactions, scheduling
from outbox.posts import Post
from outbox.scheduling import Scheduled


@door("write:statuses")
def publish(call: Call) -> Any:
    """Now, or at `scheduled_at`; asked twice by the same key, once."""
    made = made_for(call)
    if isinstance(made, Scheduled):
        return scheduled.scheduled(made, call.me)
    return statuses.status(posts.find(call.me, made.ulid), call.me)


def made_for(call: Call) -> Post | Scheduled:
    key, due_at, me = composing.key(call), call.moment("scheduled_at"), call.me
    try:
        wished = composing.wish(call)
    except FederationError:  # which its first asking may explain: a file is attached once
        if (before := once.known(me, key)) is None:
            raise
        return before
    people = publishing.mentioned(wished.draft.source)

    def make() -> Post | Scheduled:
        if due_at is not None:
            return scheduling.schedule(me, wished, due_at)
        return publishing.publish(me, wished.draft, wished.reach, wished.parent, people=people)

    return once.once(me, key, make)


@door("write:statuses")
def edit(call: Call, number: int) -> Any:
    post = reading.found(call, number)
    return statuses.status(publishing.edit(call.me, post, rewriting.draft(call, post)), call.me)


@door("write:favourites")
def like(call: Call, number: int) -> Any:
    post = reading.found(call, number)
    reactions.like(call.me, post)
    return statuses.status(post, call.me)


@door("write:favourites")
def unlike(call: Call, number: int) -> Any:
    post = reading.found(call, number)
    reactions.unlike(call.me, post)
    return statuses.status(post, call.me)


@door("write:statuses")
def share(call: Call, number: int) -> Any:
    """Answered with the share, around what is shared."""
    post = reading.found(call, number)
    reactions.boost(call.me, post)
    inner = statuses.status(post, call.me)
    row = numbered.own_share(call.me, post)
    return statuses.shared(row, inner, call.me) if row else inner


@door("write:statuses")
def unshare(call: Call, number: int) -> Any:
    post = reading.found(call, number)
    reactions.unboost(call.me, post)
    return statuses.status(post, call.me)


STATUS = reading.STATUS
ROUTES = [
    at("v1/statuses", GET=reading.several, POST=publish),
    at(STATUS, GET=reading.show, PUT=edit, DELETE=reading.remove),
    *reading.READING,
    at(f"{STATUS}/favourite", POST=like),
    at(f"{STATUS}/unfavourite", POST=unlike),
    at(f"{STATUS}/reblog", POST=share),
    at(f"{STATUS}/unreblog", POST=unshare),
]
