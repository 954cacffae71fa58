"""Who, of many of our own who listen at once, may read a post: `outbox.audience` asked from the other side.

Each audience says it here a second time; a test holds that both answers are the same, whoever looks at whatever.
"""

from collections.abc import Callable, Collection

from django.db.models import Q

from actors import directory
from actors.models import Actor, Block, Follow
from outbox.models import Boost, Like, Post, Vote

NOBODY = Q(pk__in=[])
ANSWERS = 40


def everyone(post: Post) -> Q:
    return Q(local=True)


def whoever_is_named(post: Post) -> Q:
    return Q(pk__in=Post.named.through.objects.filter(post=post).values("actor_id"))


def followers(post: Post) -> Q:
    return Q(pk__in=Follow.objects.filter(followed=post.author_id, state="accepted").values("follower_id"))


def colleagues(post: Post) -> Q:
    return everyone(post) if post.author.local else NOBODY


def its_service(post: Post) -> Q:
    return Q(service=post.service_id) if post.service_id else NOBODY


# Of people of this house: those of others read in theirs.
READERS: dict[str, Callable[[Post], Q]] = {
    "public": everyone,
    "partners": everyone,
    "chosen_partners": everyone,
    "followers": lambda post: followers(post) | whoever_is_named(post),
    "named": whoever_is_named,
    "organisation": colleagues,
    "service": its_service,
}


def among(post: Post, people: Collection[int]) -> set[int]:
    """Those of `people`, by their keys, who live here, are active, and may read `post` or, once it was withdrawn, might
    have read it. Two short questions, however many they are."""
    if not people or not shown(post.author_id):
        return set()
    active = Actor.objects.filter(pk__among=list(people), local=True, suspended_at=None, gone_at=None)
    apart = Q(pk__in=Block.objects.filter(actor=post.author_id).values("target")) | Q(
        pk__in=Block.objects.filter(target=post.author_id).values("actor")
    )
    readers = active.filter(Q(pk=post.author_id) | READERS[post.audience](post)).exclude(apart)
    return set(readers.values_list("pk", flat=True))


def agents_among(people: Collection[int]) -> set[int]:
    """Those who live here and are active."""
    active = Actor.objects.filter(pk__among=list(people), local=True, suspended_at=None, gone_at=None)
    return set(active.values_list("pk", flat=True)) if people else set()


def shown(actor: int) -> bool:
    """Whether somebody, and her house, are such that anything of theirs is shown."""
    return Actor.objects.filter(directory.on_the_list(), pk=actor, suspended_at=None).exists()


def of_keys(keys: Collection[int], *, withdrawn: bool = False) -> list[Post]:
    """Posts that stand or, instead, that were taken back; whom they may be told to is asked of `among`."""
    found = Post.objects.filter(pk__among=list(keys), withdrawn_at__isnull=not withdrawn)
    return list(found.select_related("author__service", "service", "in_reply_to__author"))


def shares_of_keys(keys: Collection[int]) -> list[Boost]:
    """Shares of posts that stand."""
    found = Boost.objects.filter(pk__among=list(keys), post__withdrawn_at=None)
    return list(found.select_related("actor__service", "post__author__service", "post__in_reply_to__author"))


def before(share: Boost) -> list[int]:
    """Those who shared the same earlier."""
    earlier = Boost.objects.filter(post=share.post_id, number__lt=share.number)
    return list(earlier.values_list("actor_id", flat=True))


def marking(post: Post, people: Collection[int]) -> set[int]:
    """Those who found it useful, shared it, or voted: they see that they did."""
    found: set[int] = set()
    for rows in (Like.objects, Boost.objects, Vote.objects):
        found |= set(rows.filter(post=post, actor__among=list(people)).values_list("actor_id", flat=True))
    return found


def answers(post: Post) -> list[Post]:
    """What answers it, as many as are counted apart for each reader."""
    return list(Post.objects.filter(in_reply_to=post, withdrawn_at=None).select_related("author")[:ANSWERS])


def subjects(post: Post) -> list[str]:
    return list(post.hashtags.values_list("name", flat=True))


def has_media(post: Post) -> bool:
    return post.attachments.exists()
