"""What the organisation tells all of its agents."""

from typing import Any

from django.utils.translation import gettext as _

from inbox import announcements
from instance.client_api.door import Call, Invalid, door
from instance.client_api.entities.announcements import announcement
from instance.client_api.routing import at


@door("read:accounts")
def index(call: Call) -> Any:
    """Those that the reader has not put away; `with_dismissed`: those too."""
    put_away = announcements.put_away(call.me)
    rows = announcements.current() if call.flag("with_dismissed") else announcements.to_read(call.me)
    return [announcement(each, put_away) for each in rows]


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
