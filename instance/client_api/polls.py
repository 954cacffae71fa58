"""Polls, known by the number of the status that holds them: read, and voted in."""

from typing import Any

from django.utils.translation import gettext as _

from federation.errors import NotHere
from instance.client_api import parameters, windows
from instance.client_api.call import YES
from instance.client_api.door import Call, Invalid, door
from instance.client_api.entities import polls as entities
from instance.client_api.routing import at
from outbox import numbered, polls, posts
from outbox.drafts import Poll
from outbox.posts import Post

MOST = 20  # options of a poll


def found(call: Call, number: int) -> Post:
    post = numbered.find(call.me, number)
    if not post.is_poll:
        raise NotHere(str(number))
    return post


@door("read:statuses")
def show(call: Call, number: int) -> Any:
    return entities.poll(*posts.decorate([found(call, number)], call.me))


@door("write:statuses")
def vote(call: Call, number: int) -> Any:
    post = found(call, number)
    polls.vote(call.me, post, choices(call))
    return show_again(call, number)


def choices(call: Call) -> list[int]:
    """Numbers from 0, as strings or not; what is no number is no choice."""
    said = call.words("choices")
    chosen = [windows.bound(each) for each in said[:MOST]]
    if len(said) > MOST or None in chosen:
        raise Invalid(_("Ce choix n’est pas proposé."))
    return [each for each in chosen if each is not None]


def show_again(call: Call, number: int) -> Any:
    return entities.poll(*posts.decorate([found(call, number)], call.me))


def wanted(call: Call) -> Poll | None:
    """The poll of a status that is written or corrected: `poll[options][]`, `poll[expires_in]` and so on."""
    said = call.form("poll")
    options = parameters.items(said.get("options"))
    if not options:
        return None
    lasts = windows.bound(said.get("expires_in"))
    if lasts is None:
        raise Invalid(_("Dites combien de temps dure le sondage."))
    titles = tuple(str(each).replace("\0", "") for each in options[:MOST] if isinstance(each, str | int))
    return Poll(titles, lasts, is_so(said.get("multiple")), is_so(said.get("hide_totals")))


def is_so(value: object) -> bool:
    return str(value).lower() in YES


ROUTES = [
    at("v1/polls/<id:number>", GET=show),
    at("v1/polls/<id:number>/votes", POST=vote),
]
