"""Voting, and telling the results: nobody learns who chose what, but the house that holds the poll."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from actors.models import Actor
from federation import delivery, ids
from federation.errors import Forbidden
from outbox import counting, documents, posts, publishing
from outbox.counting import Option, Results
from outbox.models import Post, Tally, Vote

__all__ = [
    "GATHERING",
    "Option",
    "Results",
    "are_due",
    "due",
    "own_votes",
    "results",
    "results_of",
    "tell",
    "vote",
    "voters_here",
]
GATHERING = timedelta(minutes=1)  # votes are told together
own_votes = counting.own_votes


def results(post: Post, viewer: Actor | None) -> Results:
    return counting.results([post], viewer)[post.pk]


def results_of(posts: Iterable[Post], viewer: Actor | None) -> dict[int, Results]:
    """Of every poll among them, by the key of its post; two statements however many there are."""
    return counting.results(posts, viewer)


@transaction.atomic
def vote(actor: Actor, post: Post, choices: Sequence[int]) -> None:
    """`actor` may read `post` (the caller found it through `posts.find`) and chooses, once. Forbidden, with why not."""
    post = Post.objects.select_for_update(of=("self",), no_key=True).select_related("author").get(pk=post.pk)
    chosen = sorted(set(choices))
    check(actor, post, chosen)
    rows = [Vote(post=post, actor=actor, choice=choice, uri=ids.object_uri(ids.new_ulid())) for choice in chosen]
    Vote.objects.bulk_create(rows)
    if post.local:
        expect_news(post)
    else:
        cast_elsewhere(actor, post, rows)


def check(actor: Actor, post: Post, chosen: list[int]) -> None:
    if not post.is_poll or post.withdrawn_at:
        raise Forbidden(_("Cette publication n’est pas un sondage."))
    if post.author_id == actor.pk:
        raise Forbidden(_("On ne vote pas à son propre sondage."))
    if counting.is_over(post):
        raise Forbidden(_("Ce sondage est terminé."))
    if not chosen:
        raise Forbidden(_("Choisissez une réponse."))
    if chosen[0] < 0 or chosen[-1] >= len(post.details["poll"]["options"]):
        raise Forbidden(_("Ce choix n’est pas proposé."))
    if len(chosen) > 1 and not post.details["poll"]["multiple"]:
        raise Forbidden(_("Ce sondage n’admet qu’une réponse."))
    if post.votes.filter(actor=actor).exists():
        raise Forbidden(_("Vous avez déjà voté."))


def expect_news(post: Post) -> None:
    """What the votes came to is told a moment after the first of them, and not for each."""
    soon = now() + GATHERING
    Tally.objects.filter(post=post, due_at__gt=soon).update(due_at=soon)


def cast_elsewhere(actor: Actor, post: Post, rows: Sequence[Vote]) -> None:
    """To the author alone; until her house tells the results, they are counted here as if it had."""
    poll: dict[str, Any] = post.details["poll"]
    for row in rows:
        title = poll["options"][row.choice]
        delivery.send(documents.vote(actor, post, row.uri, title), [post.author.inbox], actor.uri)
    counts = list(poll.get("counts", []))
    for row in rows:
        if row.choice < len(counts) and counts[row.choice] is not None:
            counts[row.choice] += 1
    voters = poll.get("voters")
    counted = {"counts": counts, "voters": voters if voters is None else voters + 1}
    Post.objects.filter(pk=post.pk).update(details={**post.details, "poll": {**poll, **counted}})
    if end := counting.ends_at(post):
        Tally.objects.get_or_create(post=post, defaults={"due_at": end})


def are_due() -> bool:
    """Asked before a transaction is begun: at rest, nobody holds the database."""
    return Tally.objects.filter(due_at__lte=now()).exists()


def due() -> Post | None:
    """A poll of which something is to be told, in the caller's transaction; no other worker has it meanwhile."""
    rows = Tally.objects.select_for_update(skip_locked=True, of=("self",)).filter(due_at__lte=now())
    row = rows.order_by("due_at").first()
    return Post.objects.select_related("author").get(pk=row.pk) if row else None


def tell(post: Post) -> bool:
    """Tell the houses that were sent a poll of ours what the votes came to. True when the poll has ended.

    In the transaction of `due`. Of one that is held elsewhere, its own house tells.
    """
    if post.local and post.author.active and not post.withdrawn_at:
        delivery.send(documents.results(post), publishing.sent_to(post), post.author.uri, delivery.FAN_OUT)
    end, rows = counting.ends_at(post), Tally.objects.filter(post=post)
    if end is not None and end > now():
        rows.update(due_at=end)
        return False
    rows.delete()
    return bool(not post.withdrawn_at)


def voters_here(post: Post) -> list[Actor]:
    """Those of ours who voted: to be told of the end, never to be shown."""
    return list(Actor.objects.filter(local=True, pk__in=post.votes.values("actor")))


def counts_from_elsewhere(actor: Actor, post: Post, choice: int, uri: str) -> None:
    """A vote that `outbox.ballots` admitted."""
    Vote.objects.create(post=post, actor=actor, choice=choice, uri=uri)
    expect_news(post)


def readable(actor: Actor, post: Post) -> bool:
    return posts.readable_by(actor).filter(pk=post.pk).exists()
