"""Files for the next status: sent, described, looked at while they are prepared, and given up."""

import math
from typing import Any

from django.utils.translation import gettext as _

from actors.pictures import too_large
from federation.errors import Forbidden
from instance.client_api.door import Answer, Call, Invalid, door
from instance.client_api.entities.media import attachment
from instance.client_api.routing import at
from outbox import media, uploads
from outbox.posts import Attachment

Focus = tuple[float, float]


@door("write:media")
def send(call: Call) -> Any:
    """202, without its address, when a large picture is drawn later."""
    row = taken(call, now_please=False)
    return Answer(attachment(row, call.me), 200 if row.state == "kept" else 202)


@door("write:media")
def send_and_wait(call: Call) -> Any:
    """For applications that do not ask again: whatever it takes, the address is in the answer."""
    return attachment(taken(call, now_please=True), call.me)


def taken(call: Call, *, now_please: bool) -> Attachment:
    file = call.file("file")
    if file is None:
        raise Invalid(_("Joignez un fichier."))
    description, focus = call.text("description", 1500), focus_of(call)
    name = file.name or _("Ce fichier")
    too_large(name, file.size or 0, media.DOCUMENT_LIMIT)  # weighed before it is read
    row = uploads.take(call.me, name, file.read(), file.content_type or "", now_please=now_please)
    say(row, description, focus)
    return row


def say(row: Attachment, description: str | None, focus: Focus | None) -> None:
    if description is not None and description != row.description:
        media.describe(row, description)
    if focus is not None:
        media.focus(row, *focus)


def focus_of(call: Call) -> Focus | None:
    """`x,y`, each from -1 to 1. Invalid."""
    said = call.text("focus", 100)
    if not said:
        return None
    try:
        x, y = (float(each) for each in said.split(","))
    except ValueError as error:
        raise Invalid(_("« %(name)s » : valeur inconnue.") % {"name": "focus"}) from error
    if not (math.isfinite(x) and math.isfinite(y)):
        raise Invalid(_("« %(name)s » : valeur inconnue.") % {"name": "focus"})
    return x, y


@door("write:media")
def show(call: Call, pk: int) -> Any:
    """206 while it is prepared; applications ask again until it has an address."""
    row = uploads.find(call.me, pk)
    if row.state == "missing":
        raise Forbidden(_("Cette image n’a pas pu être préparée : envoyez-en une autre."))
    return Answer(attachment(row, call.me), 200 if row.state == "kept" else 206)


@door("write:media")
def change(call: Call, pk: int) -> Any:
    row = uploads.own(call.me, pk)
    description = call.text("description", 1500) if "description" in call.given else None
    say(row, description, focus_of(call))
    return attachment(row, call.me)


@door("write:media")
def remove(call: Call, pk: int) -> Any:
    uploads.remove(uploads.own(call.me, pk))
    return {}


ROUTES = [
    at("v2/media", POST=send),
    at("v1/media", POST=send_and_wait),
    at("v1/media/<id:pk>", GET=show, PUT=change, DELETE=remove),
]
