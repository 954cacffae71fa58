"""Files whose erasing waits for the bucket that holds them."""

from datetime import timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.timezone import now

from federation import hallway
from instance.models import Unerased

LATER = timedelta(minutes=5)
AT_ONCE = 100


def note(name: str) -> None:
    Unerased.objects.update_or_create(name=name, defaults={"due_at": now() + LATER})


@hallway.drain("erasing")
def erase_due() -> int:
    """How many are gone for good. Where one cannot be erased, the others are not tried."""
    if settings.MEDIA_BUCKET is None:
        return 0
    due = Unerased.objects.filter(due_at__lte=now())
    for done, row in enumerate(rows := list(due.order_by("due_at", "pk")[:AT_ONCE])):
        default_storage.delete(row.name)  # which notes it for later when it cannot
        if not Unerased.objects.filter(pk=row.pk, due_at=row.due_at).delete()[0]:
            due.update(due_at=now() + LATER)
            return done
    return len(rows)
