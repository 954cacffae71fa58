"""A reader's own marks on posts, for a whole page at once: kept for later, silenced, filtered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Value

from actors.models import Actor
from federation.composed import Composed
from inbox import filtering
from inbox.filtering import Match
from inbox.models import Bookmark, Filter, MutedThread
from inbox.threads import root_of
from outbox.posts import Post


@dataclass(frozen=True)
class Marks:
    kept: bool
    muted: bool  # its conversation
    filtered: list[Match]


def marks_of(_shape: None, viewer: int, pks: Collection[int], roots: Collection[int]) -> QuerySet[Any, Any]:
    """What she kept and silenced of these, and her filters, whose words are looked up when there are some."""
    kept = Bookmark.objects.filter(reader=viewer, post__among=pks).values_list("post_id", Value("kept"))
    muted = MutedThread.objects.filter(reader=viewer, root__among=roots).values_list("root_id", Value("muted"))
    filters = Filter.objects.filter(owner=viewer).values_list("pk", Value("filter"))
    return kept.union(muted, filters, all=True)


MARKS = Composed(marks_of)


def of(viewer: Actor, posts: Sequence[Post], context: str | None = None) -> dict[int, Marks]:
    """By primary key; what is filtered, of where it is shown (`context`; None: anywhere)."""
    roots = {post.pk: root_of(post) for post in posts}
    found = set(MARKS(viewer=viewer.pk, pks=list(roots), roots=list(set(roots.values()))))
    filters = any(of == "filter" for _, of in found)
    met = filtering.matching(viewer, posts, context) if filters else {}
    if not found:
        return dict.fromkeys(roots, Marks(False, False, []))
    return {pk: Marks((pk, "kept") in found, (root, "muted") in found, met.get(pk, [])) for pk, root in roots.items()}
