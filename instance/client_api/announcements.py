"""What the organisation tells all of its agents."""

from typing import Any

from django.utils.translation import gettext as _

from inbox import announcements
from inbox.models import Announcement
from instance.client_api.door import Call, Invalid, door
from instance.client_api.entities import dates
from instance.client_api.routing import at


def entity(found: Announcement, put_away: int) -> dict[str, Any]:
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


@door("read:accounts")
def index(call: Call) -> Any:
    """Those that the reader has not put away; `with_dismissed`: those too."""
    put_away = announcements.put_away(call.me)
    rows = announcements.current() if call.flag("with_dismissed") else announcements.to_read(call.me)
    return [entity(each, put_away) for each in rows]


@door("write:accounts")
def dismiss(call: Call, pk: int) -> Any:
    announcements.dismiss(call.me, pk)
    return {}


@door("write:favourites")
def react(call: Call, pk: int, name: str) -> Any:
    """Who reacted to what the organisation says would be a list of who has read it."""
    raise Invalid(_("On ne réagit pas aux annonces."))


@door("write:favourites")
def unreact(call: Call, pk: int, name: str) -> Any:
    return {}


ROUTES = [
    at("v1/announcements", GET=index),
    at("v1/announcements/<id:pk>/dismiss", POST=dismiss),
    at("v1/announcements/<id:pk>/reactions/<str:name>", PUT=react, DELETE=unreact),
]
