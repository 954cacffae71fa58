"""What a reader sees.

Timelines are questions asked of the posts, not copies of them (ADR 5): the keys of their lines are found by index, and
what the reader may not read of these falls out.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from actors.models import Actor
from inbox import bookmarks
from inbox.weaving import TIMELINES, Look, Wish, Woven
from outbox import posts, strands
from outbox.posts import Boost, Post
from outbox.strands import LEAST, MOST, Key, Span

__all__ = ["TIMELINES", "Line", "Look", "Window", "Wish", "lines", "page"]
PAGE = 20  # of the web
SPARE = 5  # keys that are asked for beyond those that are wanted: some fall out
ROUND = 2000  # keys at most that are looked at together
PAGES = {"": "home", "service": "service", "collectivite": "local", "partenaires": "partners"}


@dataclass(frozen=True)
class Window:
    """What part of a timeline, by the numbers of its lines.

    Strictly older than `max_id`, strictly newer than `since_id` or `min_id`; the newest `limit` of these or, with
    `min_id`, those that follow it. Newest first, always.
    """

    limit: int = PAGE
    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None


class Asked(Protocol):
    """A window, or what a face of ours reads one into."""

    @property
    def limit(self) -> int: ...
    @property
    def max_id(self) -> int | None: ...
    @property
    def since_id(self) -> int | None: ...
    @property
    def min_id(self) -> int | None: ...


def span_of(window: Asked) -> Span:
    above = max((each for each in (window.since_id, window.min_id) if each is not None), default=LEAST)
    below = MOST if window.max_id is None else window.max_id
    return Span(within(above), within(below), rising=window.min_id is not None)


def within(number: int) -> int:
    """As far as databases can count."""
    return min(max(number, LEAST), MOST)


@dataclass(frozen=True)
class Line:
    """A post, or a `share` of one; `number` is that of the post or of the share."""

    number: int
    post: Post
    share: Boost | None = None

    @property
    def sharer(self) -> Actor | None:
        return self.share.actor if self.share else None


def lines(viewer: Actor, timeline: str, window: Asked, **wish: Any) -> list[Line]:
    """That part of the timeline of this name (see TIMELINES, which say what they may be asked)."""
    woven, span = TIMELINES[timeline](viewer, **wish), span_of(window)
    found: list[Line] = []
    count, widening = window.limit + SPARE, SPARE
    while len(found) < window.limit:
        keys = strands.first(woven.strands, span, count)
        found += readable(viewer, woven, keys)
        if len(keys) < count:
            break
        missing = window.limit - len(found)
        span, count = span.beyond(keys[-1].number), min(max(2 * missing + SPARE, widening), ROUND)
        widening *= 4
    found = found[: window.limit]
    return found[::-1] if span.rising else found


def readable(viewer: Actor, woven: Woven, keys: list[Key]) -> list[Line]:
    """The lines of these keys that the viewer may read now, in their order."""
    found = {post.pk: post for post in posts.readable_among(viewer, {key.post for key in keys}, woven.unheard)}
    shares = [key.number for key in keys if key.sharer and key.post in found]
    firsts = strands.first_shares(shares, woven.sharers)
    shown = []
    for number, pk, sharer in keys:
        post = found.get(pk)
        if post is not None and (number in firsts if sharer else woven.shows(post)):
            shown.append(Line(number, post, firsts.get(number)))
    return shown


def page(viewer: Actor, timeline: str, before: str = "", **wish: Any) -> tuple[list[Post], str]:
    """Up to twenty posts older than the number `before`, decorated, and the number to ask the next page with (or "").

    A post that is there by itself and by shares is shown once, where it was met first.
    """
    older = int(before) if before.isascii() and before.isdigit() and len(before) < 20 else None
    found = lines(viewer, PAGES.get(timeline, timeline), Window(2 * PAGE, max_id=older), **wish)
    shown: dict[int, Post] = {}
    last = 0
    for line in found:
        if line.post.pk not in shown:
            if len(shown) == PAGE:
                break
            shown[line.post.pk] = line.post
            line.post.boosted_by = line.sharer
        last = line.number
    more = len(found) == 2 * PAGE or bool(found and last != found[-1].number)
    return bookmarks.mark(posts.decorate(shown.values(), viewer), viewer), str(last) if more else ""
