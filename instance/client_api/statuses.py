"""Statuses as they are read, and taken back."""

from typing import Any

from federation.errors import NotHere
from instance.client_api.door import Call, Invalid, door
from instance.client_api.entities import accounts, statuses
from instance.client_api.routing import at
from outbox import numbered, posts, publishing
from outbox.posts import Post

SEVERAL = 20


def found(call: Call, number: int) -> Post:
    return numbered.find(call.me, number)


@door("read:statuses")
def show(call: Call, number: int) -> Any:
    """A status; the number of a share shows the share."""
    try:
        return statuses.status(numbered.written(call.me, number), call.me, "thread")
    except NotHere:
        share = numbered.share(call.me, number)
        return statuses.shared(share, statuses.status(share.post, call.me, "thread"), call.me)


@door("read:statuses")
def several(call: Call) -> Any:
    return statuses.statuses(numbered.find_all(call.me, call.ids("id", SEVERAL)), call.me)


@door("read:statuses")
def context(call: Call, number: int) -> Any:
    return statuses.context(*posts.thread(call.me, found(call, number)), call.me)


@door("write:statuses")
def remove(call: Call, number: int) -> Any:
    """Answered with the source, so that an application can offer to write it again."""
    post = found(call, number)
    said = statuses.status(post, call.me) | {"text": post.source}
    publishing.withdraw(call.me, post)
    return said


@door("read:statuses")
def source(call: Call, number: int) -> Any:
    post = found(call, number)
    publishing.own(call.me, post)
    return {"id": str(post.number), "text": post.source, "spoiler_text": post.title, "content_type": "text/markdown"}


@door("read:statuses")
def history(call: Call, number: int) -> Any:
    """Every version, the first one first, the present one last."""
    post = found(call, number)
    return statuses.versions(post, posts.history(post), call.me)


@door("read:statuses")
def liked_by(call: Call, number: int) -> Any:
    page = call.page(numbered.likes(call.me, found(call, number)), usual=40, most=80)
    return [accounts.account(each.actor, call.me) for each in page]


@door("read:statuses")
def shared_by(call: Call, number: int) -> Any:
    page = call.page(numbered.shares(call.me, found(call, number)), usual=40, most=80)
    return [accounts.account(each.actor, call.me) for each in page]


@door("read:statuses")
def no_quotes(call: Call, number: int) -> Any:
    found(call, number)
    return []


@door("read:statuses")
def no_translation(call: Call, number: int) -> Any:
    found(call, number)
    raise Invalid("Cette collectivité ne propose pas de traduction.")


STATUS = "v1/statuses/<id:number>"
READING = [
    at(f"{STATUS}/context", GET=context),
    at(f"{STATUS}/source", GET=source),
    at(f"{STATUS}/history", GET=history),
    at(f"{STATUS}/favourited_by", GET=liked_by),
    at(f"{STATUS}/reblogged_by", GET=shared_by),
    at(f"{STATUS}/quotes", GET=no_quotes),
    at(f"{STATUS}/translate", POST=no_translation),
]
