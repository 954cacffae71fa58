"""How far the reader has read, told between her devices."""

from typing import Any

from django.utils.translation import gettext as _

from inbox import markers
from inbox.models import Marker
from instance.client_api import windows
from instance.client_api.door import Call, Invalid, door
from instance.client_api.entities import dates
from instance.client_api.routing import at


def entities(found: dict[str, Marker]) -> dict[str, Any]:
    return {
        name: {
            "last_read_id": str(marker.last_read),
            "version": marker.version,
            "updated_at": dates.moment(markers.moment(marker)),
        }
        for name, marker in found.items()
    }


@door("read:statuses")
def show(call: Call) -> Any:
    wanted = [name for name in call.words("timeline") if name in markers.TIMELINES]
    return entities(markers.of(call.me, wanted))


@door("write:statuses")
def move(call: Call) -> Any:
    """`{"home": {"last_read_id": "…"}}`, in every form."""
    places = {name: place(call, name) for name in markers.TIMELINES if call.form(name)}
    return entities(markers.move(call.me, places))


def place(call: Call, timeline: str) -> int:
    found = windows.bound(call.form(timeline).get("last_read_id"))
    if found is None:
        raise Invalid(_("« %(name)s » : valeur inconnue.") % {"name": "last_read_id"})
    return found


ROUTES = [at("v1/markers", GET=show, POST=move)]
