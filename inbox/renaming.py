"""This house takes another name: what waits here, of other houses, names our people as they were called."""

from django.db import transaction

from actors import moving
from federation import names
from inbox.models import Receipt


@transaction.atomic
def take_name() -> int:
    """All of it or nothing; see `actors.moving`. Forbidden."""
    count = moving.take_name()
    for receipt in Receipt.objects.filter(state__in=["waiting", "failed"]).iterator():
        Receipt.objects.filter(pk=receipt.pk).update(activity=names.presently(receipt.activity))
    return count
