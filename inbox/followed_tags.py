"""The subjects that a reader follows; nobody else knows of them."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from actors.models import Actor
from federation.errors import Forbidden
from inbox.models import FollowedTag
from outbox import subjects

MOST = 500


def of(reader: Actor) -> QuerySet[FollowedTag]:
    return FollowedTag.objects.filter(reader=reader).select_related("hashtag")


@transaction.atomic
def follow(reader: Actor, said: str) -> None:
    """Asking again is asking once. NotHere: no name of a subject; Forbidden: too many."""
    Actor.objects.select_for_update(no_key=True).get(pk=reader.pk)  # two requests of hers count one after the other
    name = subjects.name_of(said)
    if of(reader).filter(hashtag__name=name).exists():
        return
    if of(reader).count() >= MOST:
        raise Forbidden(_("Vous suivez déjà %(most)s sujets.") % {"most": MOST})
    FollowedTag.objects.create(reader=reader, hashtag_id=subjects.row(name))


def unfollow(reader: Actor, said: str) -> None:
    FollowedTag.objects.filter(reader=reader, hashtag__name=subjects.name_of(said)).delete()


def among(reader: Actor, names: Sequence[str]) -> set[str]:
    """Those of these names that she follows."""
    return set(of(reader).filter(hashtag__name__in=names).values_list("hashtag__name", flat=True))
