"""What a reader is told, and that she has been."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from actors import directory, following
from actors.models import Actor
from federation import happenings
from federation.errors import NotHere
from inbox import conversations, owing, policies, subscriptions, threads
from inbox.models import Notification
from outbox import posts
from outbox.posts import Post

REASONS = ("mention", "reply", "follow", "follow_asked", "like", "boost", "status", "update", "poll")


def tell(reader: Actor, actor: Actor, reason: str, post: Post | None = None) -> None:
    tell_all([Notification(reader=reader, actor=actor, reason=reason, post=post)])


def tell_all(news: Sequence[Notification]) -> None:
    """Tell local readers once; never of themselves, but that their poll has ended, nor of someone they do not want
    to hear. As few statements."""
    told = [each for each in news if each.reader.local and (each.reader_id != each.actor_id or each.reason == "poll")]
    if not told:
        return
    people = {each.reader_id for each in told} | {each.actor_id for each in told}
    apart = following.pairs_apart(people)
    wanted = [each for each in told if (each.reader_id, each.actor_id) not in apart]
    written = policies.sorted_out(without_muted_threads(wanted))
    Notification.objects.bulk_create(written, ignore_conflicts=True)
    owing.owe(written)
    happenings.happened("told", keys_of(written))


def keys_of(written: Sequence[Notification]) -> list[int]:
    """Of those that were just written: what was left out, since it was there before, bears another moment."""
    if not written:
        return []
    moments = [each.created_at for each in written]
    rows = Notification.objects.filter(created_at__range=(min(moments), max(moments)))
    return list(rows.filter(reader__among={each.reader_id for each in written}).values_list("pk", flat=True))


def without_muted_threads(news: Sequence[Notification]) -> list[Notification]:
    posts = [each.post for each in news if each.post is not None]
    silent = threads.pairs_muted({each.reader_id for each in news}, posts) if posts else set()
    return [each for each in news if each.post is None or (each.reader_id, threads.root_of(each.post)) not in silent]


def tell_of_posts(posts: Sequence[Post], new: bool = True) -> None:
    """Of many, most of which concern nobody in particular: those cost nothing."""
    told = [news for post in posts for news in news_of(post)]
    named = {(each.reader_id, each.post_id) for each in told}
    asked = subscriptions.of_new(posts) if new else subscriptions.of_edited(posts)
    tell_all(told + [each for each in asked if (each.reader_id, each.post_id) not in named])
    conversations.gather([(post, part_of(post)) for post in posts if post.audience == "named"])


def tell_of_edit(post: Post) -> None:
    tell_of_posts([post], new=False)


def news_of(post: Post) -> list[Notification]:
    """For those whom a new or edited post answers or names, if they may read it."""
    parent = post.in_reply_to
    answered = parent.author if parent and parent.author.local else None
    told = {answered.pk: (answered, "reply")} if answered and may_read(answered, post) else {}
    for reader in named_here(post):
        if reader != answered and (not post.local or may_read(reader, post)):
            told[reader.pk] = (reader, "mention")
    return [Notification(reader=reader, actor=post.author, reason=why, post=post) for reader, why in told.values()]


def named_here(post: Post) -> list[Actor]:
    """Those of ours; whoever is named by a post from elsewhere reads it."""
    if hasattr(post, "readers_named"):  # it has just come: they were looked up a moment ago
        return [reader for reader in post.readers_named if reader.local and reader.kind == "Person"]
    return list(post.named.filter(local=True, kind="Person"))


def part_of(post: Post) -> list[Actor]:
    """Those of ours between whom it passes."""
    author = [post.author] if post.author.local else []
    return [*author, *(reader for reader in named_here(post) if reader not in author)]


def tell_author(post: Post, actor: Actor, reason: str) -> None:
    tell(post.author, actor, reason, post)


def tell_of_end(poll: Post, voters: Sequence[Actor]) -> None:
    """Its author, and those who voted, as far as they may still read it."""
    told = [reader for reader in voters if may_read(reader, poll)] + [poll.author]
    tell_all([Notification(reader=reader, actor=poll.author, reason="poll", post=poll) for reader in told])


def may_read(reader: Actor, post: Post) -> bool:
    return posts.readable_by(reader).filter(pk=post.pk).exists()


def page(reader: Actor, before: datetime | None = None, filtered: bool | None = False) -> QuerySet[Notification]:
    """Newest first, without those about people and posts that the reader may not meet any more.

    `filtered`: those that her policy set apart, instead of the others; None: all of them.
    """
    rows = Notification.objects.filter(reader=reader, **({} if filtered is None else {"filtered": filtered}))
    rows = rows.select_related("actor", "actor__service", "post", "post__author")
    rows = rows.filter(directory.on_the_list("actor__"), actor__suspended_at=None).exclude(
        actor__in=following.kept_apart(reader)
    )
    rows = rows.filter(post=None) | rows.filter(post__in=posts.readable_by(reader).order_by())
    return (rows.filter(created_at__lt=before) if before else rows).order_by("-created_at", "-pk")


def one(reader: Actor, pk: int) -> Notification:
    """One of hers, set apart or not; NotHere for anything else."""
    found = page(reader, filtered=None).filter(pk=pk).first()
    if found is None:
        raise NotHere(str(pk))
    return found


def new_of(reader: Actor, _pks: Collection[int], _without: Collection[int]) -> QuerySet[Any, Any]:
    return page(reader).filter(new=True).order_by().values("reader").annotate(n=Count("pk")).values_list("n")


NEW = posts.for_viewers(new_of)


def new_count(reader: Actor) -> int:
    """It stands on each page: its question is composed once."""
    found = posts.asked(NEW, reader, [])
    return int(found[0][0]) if found else 0


def seen(reader: Actor, until: int | None = None) -> None:
    """All of them were shown, or those up to the key `until`; that, and not when, is kept."""
    rows = Notification.objects.filter(reader=reader, new=True)
    (rows if until is None else rows.filter(pk__lte=until)).update(new=False)


def dismiss(reader: Actor, pks: Collection[int]) -> None:
    """They go; what they tell of stays."""
    Notification.objects.filter(reader=reader, pk__among=pks).delete()


def clear(reader: Actor) -> None:
    Notification.objects.filter(reader=reader).delete()
