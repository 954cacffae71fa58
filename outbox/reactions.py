"""Finding useful, and sharing with those who may read anyway; ours and those that arrive."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from actors import following
from actors.models import Actor
from federation import delivery, happenings, ids
from federation.errors import Forbidden, WrongActor
from outbox import audience, documents, posts
from outbox.models import Boost, Like, Post


@transaction.atomic
def like(actor: Actor, post: Post) -> None:
    """`actor` may read `post` (the caller found it through `posts.find`); its author is told once. Forbidden."""
    if not posts.lets(post, actor, "like"):
        raise Forbidden(_("L’auteur de cette publication ne souhaite pas qu’on y réagisse."))
    row, new = Like.objects.get_or_create(actor=actor, post=post, defaults={"uri": ids.activity_uri()})
    if new:
        tell_author(documents.like(row), post, actor)


@transaction.atomic
def unlike(actor: Actor, post: Post) -> None:
    row = Like.objects.filter(actor=actor, post=post).first()
    if row is not None:
        row.delete()
        if not post.local:
            delivery.send(documents.undo(documents.like(row)), [post.author.inbox], actor.uri)


def of(actor: Actor) -> QuerySet[Like]:
    """What `actor` found useful and may still read, the last first, each with its post."""
    still = posts.readable_by(actor).order_by().values("pk")
    shown_with = [f"post__{each}" for each in posts.SHOWN_WITH]
    return Like.objects.filter(actor=actor, post__in=still).select_related("post", *shown_with).order_by("-pk")


@transaction.atomic
def boost(actor: Actor, post: Post) -> None:
    """Share; Forbidden, with the reason, where the audience of the post does not allow it."""
    if not posts.can_boost(post, actor):
        raise Forbidden(_("Cette publication ne peut pas être partagée : son audience a été choisie par son auteur."))
    row, new = Boost.objects.get_or_create(actor=actor, post=post, defaults={"uri": ids.activity_uri()})
    if not new:
        return
    happenings.happened("shared", [row.pk])
    if audience.AUDIENCES[post.audience].leaves:
        delivery.send(documents.boost(row), sharers_inboxes(row), actor.uri)
    elif post.author != actor:
        tell_author(documents.boost(row), post, actor)


@transaction.atomic
def unboost(actor: Actor, post: Post) -> None:
    row = Boost.objects.filter(actor=actor, post=post).first()
    if row is not None:
        row.delete()
        if audience.AUDIENCES[post.audience].leaves:
            delivery.send(documents.undo(documents.boost(row)), sharers_inboxes(row), actor.uri)


def sharers_inboxes(row: Boost) -> set[str]:
    """The houses of those who follow the one who shares, and the author's own."""
    return audience.inboxes_of(following.followers(row.actor)) | {row.post.author.inbox}


def tell_author(document: documents.Document, post: Post, actor: Actor) -> None:
    inbox = ids.shared_inbox() if post.local else post.author.inbox
    delivery.send(document, [inbox], actor.uri)


def liked(actor: Actor, uri: str, post: Post) -> bool:
    """A Like from next door, of a post that its sender may read; True when it is new. The latest id is the one kept."""
    _row, new = Like.objects.update_or_create(actor=actor, post=post, defaults={"uri": uri})
    return new


def boosted(actor: Actor, uri: str, post: Post) -> bool:
    """An Announce from next door: only of what may be shared."""
    if not posts.can_boost(post, actor):
        raise WrongActor("this post is not to be shared")
    row, new = Boost.objects.update_or_create(actor=actor, post=post, defaults={"uri": uri})
    happenings.happened("shared", [row.pk] if new else [])
    return new


UNDONE: dict[str, type[Like] | type[Boost]] = {"Like": Like, "EmojiReact": Like, "Announce": Boost}


def undone(actor: Actor, kind: str, uri: str, object_uri: str) -> bool:
    """Take back a Like or an Announce by its id, or by its kind, actor and post; only one's own."""
    for model in (Like, Boost):
        if uri and model.objects.filter(actor=actor, uri=uri).delete()[0]:
            return True
    named = UNDONE.get(kind)
    return bool(named and named.objects.filter(actor=actor, post__uri=object_uri).delete()[0])
