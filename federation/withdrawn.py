"""Letters on their way while what they tell of was withdrawn: those that were not taken do not leave again.

While one is on its way its text stays, for the news that follow it wait for it.
"""

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q

from federation.models import Delivery, Dispatch


def drop(rows: Iterable[Delivery]) -> set[int]:
    """Delete those of these rows that tell of something withdrawn since, as if they had not been on their way then."""
    of_each = {row.pk: row.dispatch_id for row in rows}
    over = set(Dispatch.objects.filter(withdrawn_since(), pk__among=of_each.values()).values_list("pk", flat=True))
    dropped = {pk for pk, dispatch in of_each.items() if dispatch in over}
    Delivery.objects.filter(pk__among=dropped, state="waiting").delete()
    forget_texts(over)
    return dropped


def withdrawn_since() -> Q:
    """Of a dispatch: a later one says that what it tells of is deleted, and has not reached everybody yet."""
    later = Dispatch.objects.filter(object_uri=OuterRef("object_uri"), pk__gt=OuterRef("pk"), document__type="Delete")
    return Q(Exists(later)) & ~Q(document__type="Delete")


def forget_texts(dispatches: Collection[int]) -> None:
    """Once every inbox has it, or nobody is to have it any more, what was written stands in the post alone."""
    of_each = Delivery.objects.filter(dispatch=OuterRef("pk"))
    waited_for = Exists(of_each.filter(state="waiting"))
    over = list(Dispatch.objects.filter(~waited_for, pk__among=dispatches).values_list("pk", flat=True))
    if over:  # only now look at all their rows, for one that was given up
        everybody_has_it = Q(~Exists(of_each.exclude(state="sent")))
        Dispatch.objects.filter(everybody_has_it | withdrawn_since(), pk__among=over).update(document={})
