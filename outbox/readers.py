"""Which of our own people a post concerns, many at once: those who follow its author, those who shared it."""

from collections.abc import Iterable

from actors.models import Actor
from outbox.models import Boost, Post


def among_followers(post: Post, followers: Iterable[Actor]) -> list[Actor]:
    """Those of our agents who follow its author that may read it: what `audience.readable_by` says of each of them.

    The database is not asked once for each. Whoever is kept apart is not seen to here.
    """
    if post.audience == "named":
        named = set(post.named.values_list("pk", flat=True))
        return [each for each in followers if each.pk in named]
    if post.audience == "service":
        return [each for each in followers if each.service_id and each.service_id == post.service_id]
    return list(followers)


def sharers(post: Post) -> list[Actor]:
    """Our agents who shared it."""
    shared = Boost.objects.filter(post=post, actor__local=True, actor__suspended_at=None, actor__gone_at=None)
    return [each.actor for each in shared.select_related("actor")]
