"""Images and documents: checked, re-encoded, stripped of what they tell; those of peers fetched once."""

import io
import struct
import zipfile
from collections.abc import Sequence
from datetime import timedelta

import blurhash
import structlog
from django.core.files.base import ContentFile
from django.utils.timezone import now
from django.utils.translation import gettext as _
from PIL import Image

from actors import directory
from actors.models import Actor
from actors.pictures import IMAGE_LIMIT, MEGABYTE, decode, reduced, too_large, webp
from federation import hallway, http, patience, peers
from federation.errors import FederationError, Forbidden
from outbox.models import Attachment

log = structlog.get_logger()
DOCUMENT_LIMIT = 20 * MEGABYTE
FULL, SMALL = 1600, 640
TRIES = 5
HOUSES = 100  # asked in turn


def take_image(owner: Actor, name: str, data: bytes, description: str = "") -> Attachment:
    """An image that its owner may attach to her next post; Forbidden, with a sentence, when it is not one."""
    too_large(name, len(data), IMAGE_LIMIT)
    picture = decode(data)
    row = Attachment(owner=owner, kind="image", name=name[:200], description=description[:1500], state="kept")
    store_image(row, picture)
    row.save()
    return row


def take_document(owner: Actor, name: str, data: bytes) -> Attachment:
    """A document, whose type is read from its content, not from its name."""
    too_large(name, len(data), DOCUMENT_LIMIT)
    media_type, suffix = sniff(data)
    row = Attachment(owner=owner, kind="document", name=name[:200], media_type=media_type, size=len(data), state="kept")
    row.file.save(f"{row.ulid}{suffix}", ContentFile(data), save=False)
    row.save()
    return row


def pending(owner: Actor, ulids: Sequence[str]) -> list[Attachment]:
    """What `owner` has sent for a post that is not published yet, in the order asked for; nobody else's."""
    rows = {row.ulid: row for row in Attachment.objects.filter(owner=owner, post=None, ulid__in=ulids)}
    return [rows[ulid] for ulid in dict.fromkeys(ulids) if ulid in rows]


def describe(row: Attachment, description: str) -> None:
    """What the picture shows, for whoever does not see it."""
    row.description = description.strip()[:1500]
    row.save(update_fields=["description"])


def drop(row: Attachment) -> None:
    """The owner changed her mind before publishing."""
    for file in (row.file, row.thumbnail):
        if file:
            file.delete(save=False)
    row.delete()


def store_image(row: Attachment, picture: Image.Image) -> None:
    """Re-encode: only pixels are kept, no date, no place, no device."""
    full = reduced(picture, FULL)
    row.width, row.height = full.size
    row.media_type = "image/webp"
    encoded = webp(full)
    row.size = len(encoded)
    row.blurhash = blurhash.encode(reduced(picture, 64).convert("RGB"), x_components=4, y_components=3)
    row.file.save(f"{row.ulid}.webp", ContentFile(encoded), save=False)
    row.thumbnail.save(f"{row.ulid}.webp", ContentFile(webp(reduced(picture, SMALL))), save=False)


ZIPPED = {
    "word/": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    "xl/": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "ppt/": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"),
}
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
SUFFIXES = {"text": ".odt", "spreadsheet": ".ods", "presentation": ".odp"}


def sniff(data: bytes) -> tuple[str, str]:
    """The media type and suffix of a document, from what it holds; Forbidden for any other kind of file."""
    if data.startswith(b"%PDF-"):
        return "application/pdf", ".pdf"
    if data.startswith(b"PK\x03\x04") and (office := office_type(data)):
        return office
    if b"\0" not in data:
        try:
            data.decode()
        except UnicodeDecodeError:
            pass
        else:
            return "text/plain; charset=utf-8", ".txt"
    raise Forbidden(_("Ce fichier n’est pas un document accepté (PDF, OpenDocument, Word, Excel, PowerPoint, texte)."))


def office_type(data: bytes) -> tuple[str, str] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.getinfo("mimetype").compress_type == zipfile.ZIP_STORED:
                declared = archive.read("mimetype")[:200].decode("ascii", "replace").strip()
                kind = declared.removeprefix(OPEN_DOCUMENT)
                return (declared, SUFFIXES[kind]) if kind in SUFFIXES else None
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, EOFError, struct.error):
        return None
    return next((found for prefix, found in ZIPPED.items() if any(n.startswith(prefix) for n in names)), None)


@hallway.drain("media")
def fetch_due() -> int:
    """Fetch what arriving posts carry, with our signature: one of each house, so that none waits for another's."""
    due = Attachment.objects.filter(state="waiting", due_at__lte=now(), owner__host__in=peers.open_hosts())
    willing = due.exclude(owner__host__in=patience.tired_of("media"))
    hosts = list(willing.order_by().values_list("owner__host", flat=True).distinct()[:HOUSES])
    rows = [due.filter(owner__host=host).select_related("post__author", "owner").first() for host in hosts]
    for row in filter(None, rows):
        if not patience.is_tired_of(row.owner.host, "media"):
            fetch(row)
    return len(hosts)


def fetch(row: Attachment) -> None:
    """One medium of a peer: kept re-encoded, tried again later, or missing after a few tries."""
    limit = IMAGE_LIMIT if row.kind == "image" else DOCUMENT_LIMIT
    try:
        with patience.waiting_for(row.owner.host, "media"):
            answer = http.get(row.remote_url, accept="*/*", signer_key=directory.our_key(), limit=limit)
        if answer.status != 200:
            raise Forbidden(f"answered {answer.status}")
        hold(row, answer.body)
    except FederationError as error:
        log.info("media.not_fetched", attachment=row.ulid, reason=str(error)[:200])
        postpone(row)
    except Exception:  # noqa: BLE001  decoders of strangers' files fail in any way they like: this file, not the others
        log.warning("media.undecodable", attachment=row.ulid)
        postpone(row)


def hold(row: Attachment, data: bytes) -> None:
    if row.kind == "image":
        store_image(row, decode(data))
    else:
        row.media_type, suffix = sniff(data)
        row.size = len(data)
        row.file.save(f"{row.ulid}{suffix}", ContentFile(data), save=False)
    columns = ("media_type", "size", "width", "height", "blurhash", "file", "thumbnail")
    if not row.step("kept", **{name: getattr(row, name) for name in columns}):
        for file in (row.file, row.thumbnail):
            if file:
                file.delete(save=False)


def postpone(row: Attachment) -> None:
    if row.attempts + 1 >= TRIES:
        row.step("missing")
    later = now() + timedelta(minutes=5**row.attempts)
    Attachment.objects.filter(pk=row.pk).update(attempts=row.attempts + 1, due_at=later)
