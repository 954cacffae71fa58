"""Writing and correcting a status, and reacting to one; the same verbs as the pages call."""

from typing import Any

from federation.errors import NotHere
from instance.client_api import statuses as reading
from instance.client_api import visibility
from instance.client_api.door import Call, Invalid, door
from instance.client_api.entities import statuses
from instance.client_api.routing import at
from outbox import media, numbered, publishing, reactions
from outbox.posts import Post
from outbox.publishing import Draft


@door("write:statuses")
def publish(call: Call) -> Any:
    draft, reach, parent = draft_of(call), visibility.reach(call), answered(call)
    return statuses.status(publishing.publish(call.me, draft, reach, parent), call.me)


def draft_of(call: Call, kind: str = "note") -> Draft:
    """`spoiler_text` is the title of a note: what one reads before opening it."""
    wanted = call.words("media_ids")
    attached = media.sent(call.me, call.ids("media_ids"))
    if len(attached) != len(set(wanted)):
        raise Invalid("Un des fichiers joints n’est plus là : envoyez-le de nouveau.")
    return Draft(
        call.text("status"),
        kind=kind,
        title=call.text("spoiler_text", 300),
        language=call.text("language", 10) or call.agent.language or "fr",
        attachments=tuple(attached),
    )


def answered(call: Call) -> Post | None:
    """What is answered: absent and unreadable are one answer."""
    said = call.text("in_reply_to_id", 30)
    if not said:
        return None
    number = next(iter(call.ids("in_reply_to_id")), None)
    if number is None:
        raise NotHere(said)
    return numbered.find(call.me, number)


@door("write:statuses")
def edit(call: Call, number: int) -> Any:
    post = reading.found(call, number)
    title = call.text("spoiler_text", 300, post.title)
    draft = Draft(call.text("status", default=post.source), kind=post.kind, title=title, language=post.language)
    return statuses.status(publishing.edit(call.me, post, draft), call.me)


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
    return statuses.shared(row, call.me, inner, call.me) if row else inner


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
