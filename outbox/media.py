"""Images and documents: checked, re-encoded, stripped of what they tell."""

import io
import struct
import zipfile
from collections.abc import Sequence

import blurhash
from django.core.files.base import ContentFile
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from PIL import Image

from actors.models import Actor
from actors.pictures import IMAGE_LIMIT, MEGABYTE, decode, reduced, too_large, webp
from federation.errors import Forbidden
from outbox.models import Attachment, Scheduled

DOCUMENT_LIMIT = 20 * MEGABYTE
FULL, SMALL = 1600, 640


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
    rows = {row.ulid: row for row in unused(owner).filter(ulid__in=ulids)}
    return [rows[ulid] for ulid in dict.fromkeys(ulids) if ulid in rows]


def unused(owner: Actor) -> QuerySet[Attachment]:
    """What `owner` has sent, and no post carries nor will carry when it is due."""
    promised = Scheduled.attachments.through.objects.filter(attachment=OuterRef("pk"))
    return Attachment.objects.filter(~Exists(promised), owner=owner, post=None)


def sent(owner: Actor, keys: Sequence[int]) -> list[Attachment]:
    """The same, by the keys that an application knows them by."""
    rows = {row.pk: row for row in unused(owner).filter(pk__among=list(keys))}
    return [rows[key] for key in dict.fromkeys(keys) if key in rows]


def describe(row: Attachment, description: str) -> None:
    """What the picture shows, for whoever does not see it."""
    row.description = description.strip()[:1500]
    row.save(update_fields=["description"])


def focus(row: Attachment, x: float, y: float) -> None:
    """The point of a picture that is shown whenever there is no room for the whole: from -1, left and bottom, to 1."""
    row.focus_x, row.focus_y = (max(-1.0, min(1.0, each)) for each in (x, y))
    row.save(update_fields=["focus_x", "focus_y"])


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
    row.blurhash = blur(reduced(picture, 64).convert("RGB"))
    row.file.save(f"{row.ulid}.webp", ContentFile(encoded), save=False)
    row.thumbnail.save(f"{row.ulid}.webp", ContentFile(webp(reduced(picture, SMALL))), save=False)


def blur(picture: Image.Image) -> str:
    """What is shown until the picture is there: https://blurha.sh."""
    width, height = picture.size
    flat = list(picture.get_flattened_data())
    rows = [flat[top * width : (top + 1) * width] for top in range(height)]
    return str(blurhash.encode(rows, components_x=4, components_y=3))


def settle(row: Attachment) -> None:
    """A row that waited is kept with the files that were just made, unless somebody else settled it first."""
    columns = ("media_type", "size", "width", "height", "blurhash", "file", "thumbnail")
    if not row.step("kept", **{name: getattr(row, name) for name in columns}):
        for file in (row.file, row.thumbnail):
            if file:
                file.delete(save=False)


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
