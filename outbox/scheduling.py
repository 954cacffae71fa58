"""Posts that leave later: kept as wishes, changed or given up by their authors, and published when they are due."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _

from actors.models import Actor
from federation import hallway
from federation.errors import FederationError, Forbidden, NotHere
from outbox import publishing, wishes
from outbox.models import Asked, Post, Scheduled
from outbox.wishes import Wish

__all__ = ["Scheduled"]
log = structlog.get_logger()
AHEAD = timedelta(minutes=5)
LAST = 2200  # the year; what PostgreSQL keeps of the last years of clocks cannot be read again
MOST = 100  # of one author
AT_ONCE = 20
AFTER_A_FAULT = timedelta(minutes=10)


@transaction.atomic
def schedule(author: Actor, wish: Wish, due_at: datetime) -> Scheduled:
    """Keep what is to be published then; what cannot be is said at once. Forbidden, NotHere."""
    must_be_ahead(due_at)
    Actor.objects.select_for_update(no_key=True).get(pk=author.pk)  # two requests of hers count one after the other
    if own(author).count() >= MOST:
        raise Forbidden(_("Vous avez déjà %(most)s publications programmées.") % {"most": MOST})
    parent = wish.parent
    reach = publishing.reach_of_reply(author, parent, wish.reach) if parent else wish.reach
    publishing.check(author, wish.draft, reach)
    row = Scheduled.objects.create(author=author, due_at=due_at, wish=wishes.said(wish))
    row.attachments.set(wish.draft.attachments)
    return row


def must_be_ahead(due_at: datetime) -> None:
    if due_at < now() + AHEAD:
        raise Forbidden(_("Une publication se programme au moins cinq minutes à l’avance."))
    if due_at.year > LAST:
        raise Forbidden(_("« %(name)s » n’est pas une date.") % {"name": due_at.date().isoformat()})


def own(author: Actor) -> QuerySet[Scheduled]:
    """What she has scheduled, with what could not be published and the reason."""
    return Scheduled.objects.filter(author=author).prefetch_related("attachments")


def find(author: Actor, pk: int) -> Scheduled:
    found = own(author).filter(pk=pk).first()
    if found is None:
        raise NotHere(str(pk))
    return found


def change(author: Actor, pk: int, due_at: datetime) -> Scheduled:
    """Another moment; what was refused is tried again then. NotHere once it was published."""
    must_be_ahead(due_at)
    if not own(author).filter(pk=pk).update(due_at=due_at, reason=""):
        raise NotHere(str(pk))
    return find(author, pk)


@transaction.atomic
def cancel(author: Actor, pk: int) -> None:
    """Give it up; its attachments are the author's again, for the post that she writes in its place. NotHere."""
    row = Scheduled.objects.select_for_update(of=("self",)).filter(author=author, pk=pk).first()
    if row is None:
        raise NotHere(str(pk))
    row.delete()


@hallway.drain("scheduled")
def publish_due() -> int:
    """Publish what is due, each in a transaction of its own."""
    due = due_now().order_by("due_at", "pk").values_list("pk", flat=True)
    return sum(publish_one(pk) for pk in list(due[:AT_ONCE]))


def due_now() -> QuerySet[Scheduled]:
    """Nobody who left publishes any more."""
    return Scheduled.objects.filter(due_at__lte=now(), reason="").exclude(author__agent__is_active=False)


def hold_what_is_due() -> None:
    """This house was restored: what has come due since its backup may have been published, and does not leave twice."""
    due_now().update(
        reason="L’instance a été restaurée : vérifiez si ceci a déjà été publié ; sinon, choisissez une autre heure."
    )


def publish_one(pk: int) -> bool:
    """Whether something became of it. One that is in the hands of another worker is left to it."""
    row = due_now().filter(pk=pk).first()
    if row is None:
        return False
    try:
        people = publishing.mentioned(wishes.draft_of(row.wish).source)  # other houses are asked before, not within
        with transaction.atomic():
            held = due_now().filter(pk=pk).select_related("author").select_for_update(skip_locked=True, of=("self",))
            row = held.first()
            if row is not None:
                settle(row, people)
            return row is not None
    except Exception:
        log.exception("scheduled.failed", scheduled=pk)
        due_now().filter(pk=pk).update(due_at=now() + AFTER_A_FAULT)
        return False


def settle(row: Scheduled, people: list[Actor]) -> None:
    """Published, and no longer scheduled; or refused, and its author sees why."""
    try:
        with transaction.atomic():
            post = made(row, people)
    except FederationError as refusal:
        row.reason = (str(refusal) if isinstance(refusal, Forbidden) else _("Publication impossible."))[:300]
        row.save(update_fields=["reason"])
        log.info("scheduled.refused", scheduled=row.pk, actor=row.author.uri)
    else:
        Asked.objects.filter(scheduled=row).update(scheduled=None, post=post)
        row.delete()


def made(row: Scheduled, people: list[Actor]) -> Post:
    files = list(row.attachments.filter(post=None, owner=row.author))
    if len(files) < row.attachments.count():
        raise Forbidden(_("Une pièce jointe n’est plus là."))
    wish = wishes.again(row.author, row.wish, files)
    return publishing.publish(row.author, wish.draft, wish.reach, wish.parent, people=people)
