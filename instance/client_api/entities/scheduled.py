"""ScheduledStatus: what was asked for, when it will be published, or why it could not be."""

from typing import Any

from actors.models import Actor
from federation import ids
from instance.client_api import visibility
from instance.client_api.entities import dates
from instance.client_api.entities.media import attachment
from outbox import wishes
from outbox.drafts import Draft
from outbox.scheduling import Scheduled

Entity = dict[str, Any]


def scheduled(row: Scheduled, viewer: Actor) -> Entity:
    """`reason` is ours: a sentence when it was refused on the day, else empty."""
    files = list(row.attachments.all())
    return {
        "id": str(row.pk),
        "scheduled_at": dates.moment(row.due_at),
        "params": params(row, [str(each.pk) for each in files]),
        "media_attachments": [attachment(each, viewer) for each in files],
        "reason": row.reason,
    }


def params(row: Scheduled, media_ids: list[str]) -> Entity:
    draft, audience, answers = wishes.draft_of(row.wish), row.wish["audience"], row.wish["answers"]
    return {
        "text": draft.source,
        "spoiler_text": draft.title,
        "sensitive": draft.is_sensitive,
        "language": draft.language,
        "visibility": visibility.READ_AS.get(audience, "private"),
        "audience": audience,
        "in_reply_to_id": str(ids.number_of(answers)) if answers else None,
        "media_ids": media_ids or None,
        "poll": poll(draft),
        "scheduled_at": None,
        "idempotency": None,
        "application_id": None,
        "with_rate_limit": False,
    }


def poll(draft: Draft) -> Entity | None:
    """As it was asked for: it lasts from when it is published."""
    if draft.poll is None:
        return None
    return {
        "options": list(draft.poll.options),
        "expires_in": draft.poll.lasts,
        "multiple": draft.poll.multiple,
        "hide_totals": draft.poll.hide_totals,
    }
