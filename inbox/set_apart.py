"""What a reader's policy set apart: one request for each person, which she accepts or dismisses."""

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from actors.models import Actor
from federation.errors import NotHere
from inbox import notifications
from inbox.models import Notification, NotificationPermission


def rows(reader: Actor) -> QuerySet[Notification]:
    return notifications.page(reader, filtered=True)


def requests(reader: Actor) -> QuerySet[Actor]:
    """Those who wait, each with the key of their latest as `last`; newest first."""
    latest = rows(reader).filter(actor=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    waiting = Actor.objects.filter(pk__in=rows(reader).order_by().values("actor"))
    return waiting.select_related("service").annotate(last=Subquery(latest)).order_by("-last")


def request(reader: Actor, pk: int) -> Actor:
    """Someone who waits; NotHere for anyone else."""
    found = requests(reader).filter(pk=pk).first()
    if found is None:
        raise NotHere(str(pk))
    return found


@transaction.atomic
def accept(reader: Actor, actor: Actor) -> None:
    """From now on she is told at once, and of what waited too."""
    NotificationPermission.objects.get_or_create(reader=reader, actor=actor)
    Notification.objects.filter(reader=reader, actor=actor, filtered=True).update(filtered=False)


def dismiss(reader: Actor, actor: Actor) -> None:
    """What waited goes; what comes next waits again."""
    Notification.objects.filter(reader=reader, actor=actor, filtered=True).delete()
