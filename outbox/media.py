"""Images and documents: checked, re-encoded, stripped of what they tell; those of peers fetched once."""

import io
import warnings
import zipfile
from datetime import timedelta

import blurhash
import structlog
from django.core.files.base import ContentFile
from django.utils.timezone import now
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from actors import directory
from actors.models import Actor
from federation import hallway, http
from federation.errors import FederationError, Forbidden
from outbox.models import Attachment

log = structlog.get_logger()
MEGABYTE = 1_000_000
IMAGE_LIMIT, DOCUMENT_LIMIT = 15 * MEGABYTE, 20 * MEGABYTE
PIXELS = 40_000_000
FULL, SMALL, PORTRAIT = 1600, 640, 256
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP", "TIFF")
TRIES = 5
Image.MAX_IMAGE_PIXELS = PIXELS


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


def too_large(name: str, size: int, limit: int) -> None:
    if size > limit:
        facts = {"name": name, "size": -(-size // MEGABYTE), "limit": limit // MEGABYTE}
        raise Forbidden(_("« %(name)s » pèse %(size)s Mo, la limite est %(limit)s Mo.") % facts)


def decode(data: bytes) -> Image.Image:
    """The picture upright and in full; Forbidden for what is not an image, or would fill the memory."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
            picture.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Forbidden(_("Cette image compte trop de points : réduisez-la avant de l’envoyer.")) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise Forbidden(
            _("Ce fichier n’est pas une image que l’on sait lire (JPEG, PNG, WebP, GIF ou AVIF).")
        ) from error
    upright = ImageOps.exif_transpose(picture)
    return upright.convert("RGBA" if has_alpha(upright) else "RGB")


def has_alpha(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info


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


def reduced(picture: Image.Image, side: int) -> Image.Image:
    copy = picture.copy()
    copy.thumbnail((side, side))
    return copy


def webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=80, method=4)
    return out.getvalue()


def portrait(data: bytes) -> bytes:
    """A square portrait, re-encoded."""
    too_large(_("Le portrait"), len(data), IMAGE_LIMIT)
    return webp(ImageOps.fit(decode(data), (PORTRAIT, PORTRAIT)))


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
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                declared = archive.read("mimetype").decode("ascii", "replace").strip()
                kind = declared.removeprefix(OPEN_DOCUMENT)
                return (declared, SUFFIXES[kind]) if kind in SUFFIXES else None
    except (zipfile.BadZipFile, OSError, RuntimeError):
        return None
    return next((found for prefix, found in ZIPPED.items() if any(n.startswith(prefix) for n in names)), None)


@hallway.drain("media")
def fetch_due() -> int:
    """Fetch what arriving posts carry, with our signature, a few at a time."""
    rows = list(Attachment.objects.filter(state="waiting", due_at__lte=now()).select_related("post__author")[:5])
    for row in rows:
        fetch(row)
    return len(rows)


def fetch(row: Attachment) -> None:
    """One medium of a peer: kept re-encoded, tried again later, or missing after a few tries."""
    limit = IMAGE_LIMIT if row.kind == "image" else DOCUMENT_LIMIT
    try:
        answer = http.get(row.remote_url, accept="*/*", signer_key=directory.our_key(), limit=limit)
        if answer.status != 200:
            raise Forbidden(f"answered {answer.status}")
        hold(row, answer.body)
    except FederationError as error:
        log.info("media.not_fetched", attachment=row.ulid, reason=str(error)[:200])
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
