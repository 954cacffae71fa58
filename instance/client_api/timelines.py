"""Timelines: home, what the house and its partners say, subjects, lists, and what one author wrote."""

from collections.abc import Sequence
from typing import Any

from federation.composed import planned_once
from inbox import lists, timelines
from inbox.timelines import Line, Look, Window, Wish
from instance.client_api.accounts import met
from instance.client_api.door import Call, door
from instance.client_api.entities import statuses
from instance.client_api.routing import at

NAMES = 10  # hashtags that may be asked for at once


def shown(call: Call, timeline: str, context: str = "public", **wish: Any) -> list[dict[str, Any]]:
    """That part of a timeline which the client asks for, and how it goes on."""
    window = call.window()
    asked = Window(window.limit, window.max_id, window.since_id, window.min_id)
    with planned_once():
        found = timelines.lines(call.me, timeline, asked, **wish)
        call.turn([line.number for line in found], window)
        return drawn(call, found, context)


def drawn(call: Call, found: Sequence[Line], context: str) -> list[dict[str, Any]]:
    """Each line as a status; one that was shared, around what is shared."""
    posts = {line.post.pk: line.post for line in found}
    known = dict(zip(posts, statuses.statuses(list(posts.values()), call.me, context), strict=True))
    return [
        statuses.shared(line.share, known[line.post.pk], call.me) if line.share else known[line.post.pk]
        for line in found
    ]


@door("read:statuses")
def home(call: Call) -> Any:
    return shown(call, "home", "home")


@door("read:statuses")
def public(call: Call) -> Any:
    """`local`: our organisation's; `remote`: the partners'; both together otherwise."""
    name = "local" if call.flag("local") else "remote" if call.flag("remote") else "public"
    return shown(call, name, only_media=bool(call.flag("only_media")))


@door("read:statuses")
def tag(call: Call, name: str) -> Any:
    local = True if call.flag("local") else False if call.flag("remote") else None
    more = {each: tuple(call.words(each)[:NAMES]) for each in ("any", "all", "none")}
    wish = Wish(**more, only_media=bool(call.flag("only_media")), local=local)
    return shown(call, "tag", name=name, wish=wish)


@door("read:lists")
def chosen(call: Call, pk: int) -> Any:
    return shown(call, "list", "home", of=lists.find(call.me, pk))


@door("read:statuses")
def author(call: Call, pk: int) -> Any:
    flags = {name: bool(call.flag(name)) for name in ("exclude_replies", "exclude_reblogs", "only_media", "pinned")}
    look = Look(**flags, tagged=call.text("tagged", 100))
    return shown(call, "author", "account", person=met(call, pk), look=look)


ROUTES = [
    at("v1/timelines/home", GET=home),
    at("v1/timelines/public", GET=public),
    at("v1/timelines/tag/<str:name>", GET=tag),
    at("v1/timelines/list/<id:pk>", GET=chosen),
    at("v1/accounts/<id:pk>/statuses", GET=author),
]
