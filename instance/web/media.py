"""Pictures and documents, each shown to whoever may read what it hangs from: our agents, and signed neighbours."""

from pathlib import PurePath

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from actors import directory, following, portraits
from actors.models import Actor, Organisation
from federation.doors import Door, open_to
from federation.errors import MediaAway, NotHere, Refused
from inbox import gate
from instance import media_links
from instance.web import parcels
from instance.web.context import all_houses, ours
from outbox import emoji as drawings
from outbox import posts

LOCKED = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
AN_HOUR, A_DAY = "private, max-age=3600", "public, max-age=86400"
# What a sealed address opens is drawn by applications of any origin; without it, by our own pages only.
SHOWN_ANYWHERE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


def reader_of(request: HttpRequest, kind: str, ulid: str) -> Actor:
    """The agent whom the address is sealed for or who is signed in, or the colleague or house next door whose signature
    proves itself. NotHere."""
    if media_links.is_sealed(request.GET):
        return media_links.reader(kind, ulid, request.GET)
    if request.user.is_authenticated:
        if not request.user.actor.active:
            raise NotHere("suspended")
        return request.user.actor
    if request.headers.get("Signature"):
        return gate.reader(request)
    raise NotHere("nobody")


@require_safe
@open_to(Door.ALL_READERS)
def attachment(request: HttpRequest, ulid: str) -> HttpResponseBase:
    """`?taille=vignette` the small one. Every refusal is the same 404."""
    try:
        found = posts.attachment(reader_of(request, "medias", ulid), ulid)
    except Refused as refusal:
        raise Http404 from refusal
    file = found.thumbnail if request.GET.get("taille") == "vignette" and found.thumbnail else found.file
    name = "" if found.kind == "image" else found.name or PurePath(file.name or "").name
    return for_applications(request, sent(file, found.media_type, name))


def sent(file: FieldFile, media_type: str, name: str = "") -> HttpResponseBase:
    """A picture shows in its page; a document is kept under its name. Neither may run anything."""
    try:
        opened = file.open("rb")
    except MediaAway:  # a 404 would be believed
        raise
    except (ValueError, OSError) as error:  # not fetched yet, or gone from the disk
        raise Http404 from error
    headers = LOCKED | {"Cache-Control": AN_HOUR}
    return FileResponse(opened, as_attachment=bool(name), filename=name, content_type=media_type, headers=headers)


@require_safe
@open_to(Door.ALL_READERS)
def portrait(request: HttpRequest, ulid: str) -> HttpResponseBase:
    try:
        reader = reader_of(request, "portraits", ulid)
        person = Actor.objects.filter(directory.on_the_list(), ulid=ulid, gone_at=None, suspended_at=None).first()
        if person is None or (not reader.local and (not person.local or following.apart(reader, person))):
            raise NotHere(ulid)
        return for_applications(request, sent(portraits.of(person), "image/webp"))
    except Refused as refusal:
        raise Http404 from refusal


def for_applications(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if media_links.is_sealed(request.GET):
        for name, value in SHOWN_ANYWHERE.items():
            response.headers[name] = value
    return response


@require_safe
@open_to(Door.EVERYONE)
def emoji(request: HttpRequest, shortcode: str) -> HttpResponseBase:
    """One of the organisation's own: other houses and applications of any origin show it."""
    try:
        response = sent(drawings.find(shortcode).file, "image/png")
    except NotHere as refusal:
        raise Http404 from refusal
    for name, value in (SHOWN_ANYWHERE | {"Cache-Control": A_DAY}).items():
        response.headers[name] = value
    return response


@require_safe
@open_to(Door.EVERYONE)
def cover(request: HttpRequest, host: str) -> HttpResponse:
    """The drawn map of an organisation; before the door, of ours only: who our neighbours are is not public."""
    house: Organisation | None = ours(all_houses)
    if house is not None and house.host != host:
        house = all_houses().get(host) if request.user.is_authenticated else None
    if house is None:
        raise Http404
    drawing = parcels.svg(house.host, house.colour, request.GET.get("forme") == "haut")
    return HttpResponse(drawing, content_type="image/svg+xml", headers=LOCKED | {"Cache-Control": A_DAY})
