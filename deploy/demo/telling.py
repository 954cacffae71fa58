"""Notifications take the time of what they tell of, and those of the former days have been read."""

from datetime import datetime, timedelta

from deploy.demo.parts import Part
from deploy.demo.steps import Tell
from inbox.models import Notification

RECENT = timedelta(hours=20)


def date_back(part: Part, tell: Tell) -> None:
    """As if the days of the script had gone by one after the other, and everyone had last looked yesterday."""
    begun = part.plan.begun
    rows = list(Notification.objects.select_related("post"))
    for row in rows:
        row.created_at = min(moment(row, begun), begun)
        row.new = row.created_at > begun - RECENT
    Notification.objects.bulk_update(rows, ["created_at", "new"], batch_size=500)
    tell(len(rows), len(rows))


def moment(row: Notification, begun: datetime) -> datetime:
    """A reply is told when it is written; a useful post soon after; a new follower in the first days."""
    if row.post is None:
        return begun - timedelta(days=5, minutes=row.pk * 37 % 2000)
    if row.reason in ("like", "boost"):
        return row.post.published_at + timedelta(minutes=10 + row.pk * 53 % 240)
    return row.post.published_at
