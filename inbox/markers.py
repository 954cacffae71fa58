"""How far a reader has read, for her other devices; when she did is kept nowhere."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import F

from actors.models import Actor
from inbox import notifications
from inbox.models import Marker, Notification

TIMELINES = ("home", "notifications")  # of which applications tell
LARGEST = 2**63 - 1


def of(reader: Actor, timelines: Collection[str]) -> dict[str, Marker]:
    """Hers, by timeline; those that she never set are missing."""
    return {row.timeline: row for row in Marker.objects.filter(reader=reader, timeline__in=list(timelines))}


@transaction.atomic
def move(reader: Actor, places: Mapping[str, int]) -> dict[str, Marker]:
    """To the ids that her application says, back too; each change counts. Two at once both count: none is refused.

    What she was told up to there is no news any more, on the pages either.
    """
    for timeline, place in places.items():
        marker, new = Marker.objects.get_or_create(
            reader=reader, timeline=timeline, defaults={"last_read": place, "version": 1}
        )
        if not new:
            Marker.objects.filter(pk=marker.pk).update(last_read=place, version=F("version") + 1)
    if "notifications" in places:
        notifications.seen(reader, places["notifications"])
    return of(reader, places.keys())


def moment(marker: Marker) -> datetime:
    """When what was read last was written. It stands where clients expect the moment of reading."""
    if marker.timeline == "home":
        return datetime.fromtimestamp((marker.last_read >> 16) / 1000, UTC)
    told = Notification.objects.filter(reader=marker.reader_id, pk__lte=marker.last_read)
    last = told.order_by("-pk").values_list("created_at", flat=True).first()
    return last or datetime.fromtimestamp(0, UTC)
