"""The subjects that an author shows on her profile."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from actors.models import Actor
from federation.errors import Forbidden, NotHere
from outbox import subjects
from outbox.models import FeaturedTag

MOST = 10
__all__ = ["FeaturedTag"]


def of(author: Actor) -> QuerySet[FeaturedTag]:
    return FeaturedTag.objects.filter(author=author).select_related("hashtag").order_by("pk")


@transaction.atomic
def feature(author: Actor, said: str) -> FeaturedTag:
    """Asking again is asking once. NotHere: no name of a subject; Forbidden: too many."""
    Actor.objects.select_for_update(no_key=True).get(pk=author.pk)  # two requests of hers count one after the other
    name = subjects.name_of(said)
    known = of(author).filter(hashtag__name=name).first()
    if known is not None:
        return known
    if of(author).count() >= MOST:
        raise Forbidden(_("%(most)s sujets au plus sur votre page : retirez-en un d’abord.") % {"most": MOST})
    made = FeaturedTag.objects.create(author=author, hashtag_id=subjects.row(name))
    return of(author).get(pk=made.pk)


def remove(author: Actor, pk: int) -> None:
    if not FeaturedTag.objects.filter(author=author, pk=pk).delete()[0]:
        raise NotHere(str(pk))


def unfeature(author: Actor, said: str) -> None:
    FeaturedTag.objects.filter(author=author, hashtag__name=subjects.name_of(said)).delete()


def suggestions(author: Actor) -> list[str]:
    """Subjects of hers that she does not show yet."""
    return subjects.most_used(author, list(of(author).values_list("hashtag__name", flat=True)))
