"""Announcement: what the organisation tells all of its agents."""

from typing import Any

from inbox import announcements
from inbox.models import Announcement
from instance.client_api.entities import dates


def announcement(found: Announcement, put_away: int) -> dict[str, Any]:
    return {
        "id": str(found.pk),
        "content": announcements.html(found),
        "starts_at": dates.moment_or_none(found.starts_at),
        "ends_at": dates.moment_or_none(found.ends_at),
        "all_day": found.all_day,
        "published_at": dates.moment(found.published_at),
        "updated_at": dates.moment(found.edited_at or found.published_at),
        "read": found.pk <= put_away,
        "mentions": [],
        "statuses": [],
        "tags": [],
        "emojis": [],
        "reactions": [],
    }
