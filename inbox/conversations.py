"""Posts to named people, gathered for each of them by the post that began the talk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from actors import following
from actors.models import Actor
from federation import happenings
from federation.errors import NotHere
from inbox.models import Conversation
from inbox.threads import root_of
from outbox import posts, trimmings
from outbox.posts import Post


@dataclass(frozen=True)
class Talk:
    """A conversation as its reader sees it: the others of its last post, and that post."""

    row: Conversation
    people: list[Actor]
    last: Post


def gather(news: Iterable[tuple[Post, Sequence[Actor]]]) -> None:
    """New posts, each with those of ours who are part of it. Only talk among named people; anything else is free."""
    talk = [(post, people) for post, people in news if post.audience == "named"]
    if not talk:
        return
    known = known_rows(talk)
    begin([(post, reader) for post, people in talk for reader in people if (reader.pk, root_of(post)) not in known])
    for post, people in talk:
        go_on(post, [reader.pk for reader in people if (reader.pk, root_of(post)) in known])
    changed = Conversation.objects.filter(number__among={post.number for post, _ in talk})
    happenings.happened("conversed", changed.values_list("pk", flat=True))


def known_rows(talk: Sequence[tuple[Post, Sequence[Actor]]]) -> set[tuple[int, int]]:
    readers = {reader.pk for _, people in talk for reader in people}
    rows = Conversation.objects.filter(reader__among=readers, root__among={root_of(post) for post, _ in talk})
    return set(rows.values_list("reader_id", "root_id"))


def begin(pairs: Sequence[tuple[Post, Actor]]) -> None:
    """The last post of a conversation that begins with several at once."""
    last = {(reader.pk, root_of(post)): post for post, reader in sorted(pairs, key=lambda pair: pair[0].number)}
    rows = [
        Conversation(reader_id=reader, root_id=root, last=post, number=post.number, unread=reader != post.author_id)
        for (reader, root), post in last.items()
    ]
    Conversation.objects.bulk_create(rows, ignore_conflicts=True)


def go_on(post: Post, readers: Sequence[int]) -> None:
    """An edit, or a post that was late, is no news."""
    rows = Conversation.objects.filter(root=root_of(post), reader__among=readers, number__lt=post.number)
    for unread in (True, False):
        whose = [reader for reader in readers if (reader != post.author_id) is unread]
        if whose:
            rows.filter(reader__among=whose).update(last=post, number=post.number, unread=unread)


def heard(reader: Actor) -> QuerySet[Post]:
    """What she may read, without the voices that she muted."""
    return posts.readable_by(reader).exclude(author__in=following.muting().filter(actor=reader).values("target"))


def rows(reader: Actor) -> QuerySet[Conversation]:
    """The last to go on first, of which she may still read something."""
    audible = heard(reader).order_by()
    other = audible.filter(Q(root=OuterRef("root")) | Q(pk=OuterRef("root")), audience="named").values("pk")
    readable = Q(last__in=audible.values("pk")) | Exists(other)
    return Conversation.objects.filter(readable, reader=reader).order_by("-number")


def find(reader: Actor, pk: int) -> Conversation:
    """One of hers. NotHere."""
    found = rows(reader).filter(pk=pk).first()
    if found is None:
        raise NotHere(pk)
    return found


def talks(reader: Actor, page: Sequence[Conversation]) -> list[Talk]:
    """What to show of each, in their order; a fixed number of queries. When she may not read the last post, the one
    before."""
    last = last_posts(reader, page)
    named = trimmings.named_in(list(last.values()))
    return [Talk(row, others(reader, last[row.pk], named), last[row.pk]) for row in page if row.pk in last]


def others(reader: Actor, post: Post, named: dict[int, list[Actor]]) -> list[Actor]:
    """Of all those between whom it passes: its author first."""
    return [each for each in dict.fromkeys([post.author, *named.get(post.pk, [])]) if each != reader]


def last_posts(reader: Actor, page: Sequence[Conversation]) -> dict[int, Post]:
    """By conversation."""
    readable = {post.pk: post for post in heard(reader).filter(pk__among=[row.last_id for row in page])}
    before = latest(reader, {row.root_id for row in page if row.last_id not in readable})
    found = {row.pk: readable.get(row.last_id) or before.get(row.root_id) for row in page}
    return {pk: post for pk, post in found.items() if post is not None}


def latest(reader: Actor, roots: set[int]) -> dict[int, Post]:
    """The last post among named people that she may still read, by the one that began the talk."""
    if not roots:
        return {}
    talk = heard(reader).order_by().filter(Q(root__among=roots) | Q(pk__among=roots), audience="named")
    numbers = talk.annotate(began=Coalesce("root_id", "pk")).values("began").annotate(last=Max("number"))
    shown = heard(reader).filter(number__among=[each["last"] for each in numbers])
    return {root_of(post): post for post in shown}


def mark(reader: Actor, pk: int, *, unread: bool) -> Conversation:
    found = find(reader, pk)
    found.unread = unread
    found.save(update_fields=["unread"])
    return found


def remove(reader: Actor, pk: int) -> None:
    """Out of her sight, until somebody goes on with it."""
    find(reader, pk).delete()
