"""Asking to follow, being answered, leaving; and keeping apart."""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _

from actors import directory, own_names
from actors.follow_letters import document, send_answer, send_request, send_undo
from actors.models import Actor, Block, Follow, Mute
from actors.standing import Standing, relationships
from federation import ids
from federation.errors import Forbidden

__all__ = ["Standing", "document", "relationships"]


@transaction.atomic
def ask(follower: Actor, followed: Actor, boosts: bool | None = None, notify: bool | None = None) -> Follow:
    """Ask to follow; a colleague of the house who accepts everyone is followed at once. Asking again is asking once.

    `boosts`: what the other shares is shown too (as a rule); `notify`: be told of each new post (as a rule not). None
    leaves what was chosen.
    """
    if follower == followed:
        raise Forbidden(_("On ne se suit pas soi-même."))
    if apart(follower, followed):
        raise Forbidden(_("Cette personne ne peut pas être suivie."))
    follow, new = Follow.objects.get_or_create(
        follower=follower, followed=followed, defaults={"uri": ids.activity_uri(), "state": "asked"}
    )
    again = follow.state in ("refused", "undone")
    if again:
        follow.step("asked", uri=ids.activity_uri(), boosts=True, notify=False)
    choose(follow, boosts, notify)
    if not new and not again:
        return follow
    send_request(follow)
    if followed.local:
        answer(follow)
    return follow


def choose(follow: Follow, boosts: bool | None, notify: bool | None) -> None:
    """What the follower wants to see and to be told of; nobody else hears of it."""
    follow.boosts = follow.boosts if boosts is None else boosts
    follow.notify = follow.notify if notify is None else notify
    follow.save(update_fields=["boosts", "notify"])


def answer(follow: Follow) -> None:
    """What the followed actor's own choice says: yes at once, or wait for her."""
    if not follow.followed.approves_followers or follow.state == "accepted":
        accept(follow)


@transaction.atomic
def accept(follow: Follow) -> None:
    """Say yes; said again to a house that asks again, since it may have missed the first answer."""
    if follow.state == "asked":
        follow.step("accepted")
    if not follow.follower.local:
        send_answer("Accept", follow)
        own_names.tell_of(follow)


@transaction.atomic
def refuse(follow: Follow) -> None:
    """Say no, or take back a yes."""
    if follow.state in ("asked", "accepted", "unsure") and follow.step("refused") and not follow.follower.local:
        send_answer("Reject", follow)


@transaction.atomic
def leave(follower: Actor, followed: Actor) -> None:
    """Stop following; the other house is told."""
    follow = Follow.objects.filter(follower=follower, followed=followed).exclude(state="undone").first()
    if follow is None or not follow.step("undone"):
        return
    if not followed.local:
        send_undo(follow)
        for former in Actor.objects.filter(follows_in__follower=follower, moved_to=followed.uri):
            leave(follower, former)


def disown(follower: Actor, followed: Actor) -> None:
    """Tell another house that one of ours, whom it still counts among the followers, does not follow."""
    known = Follow.objects.filter(follower=follower, followed=followed).first()
    send_undo(known or Follow(follower=follower, followed=followed, uri=ids.activity_uri()))


def relearn(follower: Actor, followed: Actor) -> None:
    """One of ours asked after our backup was taken, and was told yes: her house says so, and ours has forgotten."""
    Follow.objects.create(follower=follower, followed=followed, uri=ids.activity_uri(), state="accepted")


def followers(actor: Actor) -> QuerySet[Actor]:
    return Actor.objects.filter(follows_out__followed=actor, follows_out__state="accepted", suspended_at=None)


def followers_in_sight(actor: Actor) -> QuerySet[Actor]:
    """With those who may have left: letters for them are written, and wait until it is known."""
    states = ["accepted", "unsure"]
    return Actor.objects.filter(follows_out__followed=actor, follows_out__state__in=states, suspended_at=None)


def followed_by(actor: Actor) -> QuerySet[Actor]:
    return Actor.objects.filter(follows_in__follower=actor, follows_in__state="accepted")


def requests_to(actor: Actor) -> QuerySet[Follow]:
    asked = Follow.objects.filter(directory.on_the_list("follower__"), followed=actor, state="asked")
    return asked.select_related("follower").order_by("state_since")


def states(viewer: Actor, others: list[Actor]) -> dict[int, str]:
    """How `viewer` stands towards each of `others`: asked or accepted, by primary key."""
    rows = Follow.objects.filter(follower=viewer, followed__in=others, state__in=["asked", "accepted"])
    return dict(rows.values_list("followed_id", "state"))


def kept_apart(viewer: Actor) -> QuerySet[Actor]:
    """Those whom `viewer` blocked, and those who blocked her."""
    blocked = Block.objects.filter(actor=viewer).values("target")
    return Actor.objects.filter(pk__in=blocked.union(Block.objects.filter(target=viewer).values("actor"), all=True))


def blockers(viewer: Actor) -> QuerySet[Actor]:
    """Those who blocked `viewer`: whom she blocked herself she may look for, to change her mind."""
    return Actor.objects.filter(pk__in=Block.objects.filter(target=viewer).values("actor"))


def has_blocked(actor: Actor, target: Actor) -> bool:
    return Block.objects.filter(actor=actor, target=target).exists()


def muting() -> QuerySet[Mute]:
    """Mutes that hold now: one whose time is over is none."""
    return Mute.objects.filter(Q(until=None) | Q(until__gt=now()))


def muted_by(viewer: Actor) -> QuerySet[Actor]:
    """Those whose voices `viewer` does not want in her timelines."""
    return Actor.objects.filter(pk__in=muting().filter(actor=viewer).values("target"))


def has_muted(actor: Actor, target: Actor) -> bool:
    return muting().filter(actor=actor, target=target).exists()


def apart(one: Actor, other: Actor) -> bool:
    return Block.objects.filter(Q(actor=one, target=other) | Q(actor=other, target=one)).exists()


def pairs_apart(people: Collection[int]) -> set[tuple[int, int]]:
    """Of these, who is not told of whom: the blocked and the blocking of each other, and the muted of the muting."""
    blocks = set(Block.objects.filter(actor__among=people, target__among=people).values_list("actor_id", "target_id"))
    silent = muting().filter(notifications=True, actor__among=people, target__among=people)
    mutes = set(silent.values_list("actor_id", "target_id"))
    return blocks | {(target, actor) for actor, target in blocks} | mutes


@transaction.atomic
def block(actor: Actor, target: Actor) -> None:
    """Neither reads the other any more, and follows end both ways. A peer is only told that the follow ends."""
    if actor == target:
        raise Forbidden(_("On ne se bloque pas soi-même."))
    for each in with_former_ids(target):
        Block.objects.get_or_create(actor=actor, target=each)
        leave(actor, each)
        remove_from_followers(actor, each, ("asked", "accepted", "unsure"))


def with_former_ids(target: Actor) -> list[Actor]:
    """Someone elsewhere, and what she was called there before, as far as it is known."""
    return [target, *Actor.objects.filter(moved_to=target.uri, local=False)] if not target.local else [target]


@transaction.atomic
def remove_from_followers(actor: Actor, follower: Actor, states: Collection[str] = ("accepted", "unsure")) -> None:
    """Take back a yes, without a block: the other may ask again, and her house is told that it ended."""
    for follow in Follow.objects.filter(follower=follower, followed=actor, state__in=states):
        refuse(follow)


def unblock(actor: Actor, target: Actor) -> None:
    Block.objects.filter(actor=actor, target__in=with_former_ids(target)).delete()


def mute(actor: Actor, target: Actor, notifications: bool = True, duration: timedelta | None = None) -> None:
    """Out of the timelines and, with `notifications`, out of these too; for good, or for a while."""
    if actor == target:
        raise Forbidden(_("On ne se masque pas soi-même."))
    chosen = {"notifications": notifications, "until": now() + duration if duration else None}
    for each in with_former_ids(target):
        Mute.objects.update_or_create(actor=actor, target=each, defaults=chosen)


def unmute(actor: Actor, target: Actor) -> None:
    Mute.objects.filter(actor=actor, target__in=with_former_ids(target)).delete()
