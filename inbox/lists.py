"""People whom a reader follows, read apart; nobody else knows of it."""

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from actors import directory
from actors.models import Actor, Follow
from federation.errors import Forbidden, NotHere
from inbox.models import List

POLICIES = ("list", "followed", "none")
MOST = 50  # lists of one reader


def of(owner: Actor) -> QuerySet[List]:
    return List.objects.filter(owner=owner).order_by("title", "pk")


def find(owner: Actor, pk: int) -> List:
    """One of her own. Another's and none at all are the same answer: NotHere."""
    found = List.objects.filter(owner=owner, pk=pk).first()
    if found is None:
        raise NotHere(pk)
    return found


def create(owner: Actor, title: str, replies_policy: str = "list", exclusive: bool = False) -> List:
    if of(owner).count() >= MOST:
        raise Forbidden(_("Vous avez déjà %(most)s listes : supprimez-en une d’abord.") % {"most": MOST})
    return change(List(owner=owner), title, replies_policy, exclusive)


def change(found: List, title: str, replies_policy: str, exclusive: bool) -> List:
    found.title = title.strip()[:200]
    if not found.title:
        raise Forbidden(_("Donnez un nom à votre liste."))
    if replies_policy not in POLICIES:
        raise Forbidden(_("Ce choix n’existe pas."))
    found.replies_policy, found.exclusive = replies_policy, exclusive
    found.save()
    return found


def remove(owner: Actor, pk: int) -> None:
    find(owner, pk).delete()


def near(owner: Actor) -> Q:
    """Whom she may list: herself, and those whom she follows."""
    return Q(pk=owner.pk) | Q(pk__in=Follow.objects.filter(follower=owner, state="accepted").values("followed"))


def members(found: List) -> QuerySet[Actor]:
    """Whoever is followed no more, suspended, or of a house that is off the list does not show, and comes back so."""
    return found.members.filter(near(found.owner), directory.on_the_list(), suspended_at=None).select_related("service")


def actors(owner: Actor, pk: int) -> QuerySet[Actor]:
    """Those whose posts one of her lists shows. NotHere."""
    return members(find(owner, pk))


def add(owner: Actor, pk: int, people: Collection[int]) -> None:
    """All of `people` (primary keys) or nobody: NotHere when one of them is unknown or not followed."""
    found = find(owner, pk)
    followed = Actor.objects.filter(near(owner), pk__among=set(people))
    if len(followed) < len(set(people)):
        raise NotHere("somebody whom she does not follow")
    found.members.add(*followed)


def drop(owner: Actor, pk: int, people: Collection[int]) -> None:
    found = find(owner, pk)
    found.members.through.objects.filter(list=found, actor__among=set(people)).delete()


def holding(owner: Actor, actor: Actor) -> Iterable[List]:
    """Her lists that show `actor`."""
    shown = Actor.objects.filter(near(owner), pk=actor.pk).exists()
    return of(owner).filter(members=actor) if shown else []
