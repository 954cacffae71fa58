"""Whom an agent can name to do something about them: those whom she may meet, and those whom she blocked herself."""

from django.db.models import Q, QuerySet

from actors import directory
from actors.models import Actor, Block
from federation.errors import NotHere
from instance.client_api.call import Call


def known(call: Call) -> QuerySet[Actor]:
    """Not who blocked her: that is not told, and they are not here for her."""
    blocking = Block.objects.filter(target=call.me).values("actor")
    rows = Actor.objects.select_related("service").filter(directory.on_the_list(), suspended_at=None)
    return rows.exclude(Q(kind="Application") | Q(pk__in=blocking))


def one(call: Call, pk: int) -> Actor:
    found = known(call).filter(pk=pk).first()
    if found is None:
        raise NotHere(str(pk))
    return found


def several(call: Call, pks: list[int]) -> list[Actor]:
    """In the order asked for, without those who are not here."""
    found = {each.pk: each for each in known(call).filter(pk__among=pks)}
    return [found[pk] for pk in dict.fromkeys(pks) if pk in found]
