"""What applications send before a post: read at once when that is quick, or kept apart and drawn in the background.

What was sent is kept as it came in `raw/`, which no address leads to, and goes as soon as it was drawn anew.
"""

from collections.abc import Collection
from datetime import timedelta

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import F, QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _

from actors import pictures
from actors.models import Actor
from actors.pictures import IMAGE_LIMIT, too_large
from federation import hallway
from federation.errors import Forbidden, NotHere
from outbox import media, posts
from outbox.models import Attachment, Scheduled

log = structlog.get_logger()
QUICK = 4_000_000  # points, which take a tenth of a second
RAW = "raw/"
WAITING = 20  # pictures of one agent
TRIES, LEASE = 3, timedelta(minutes=5)
RECORDINGS = (b"ID3", b"OggS", b"fLaC", b"\x1aE\xdf\xa3", b"FLV", b"\xff\xfb", b"\xff\xf3", b"\xff\xf1", b"#!AMR")


def take(owner: Actor, name: str, data: bytes, said_type: str = "", *, now_please: bool = False) -> Attachment:
    """A picture or a document for the owner's next post, of the type that it is, whatever it is said to be.

    A large picture is `waiting` until it is drawn, unless it is asked for `now_please`. Forbidden, with a sentence.
    """
    must_not_be_a_recording(data, said_type)
    if not is_picture(data) and not said_type.startswith("image/"):
        return media.take_document(owner, name, data)
    too_large(name, len(data), IMAGE_LIMIT)
    if now_please or pictures.points(data) <= QUICK:
        return media.take_image(owner, name, data)
    return keep_for_later(owner, name, data)


def must_not_be_a_recording(data: bytes, said_type: str) -> None:
    brand = data[8:12] if data[4:8] == b"ftyp" else b""
    if brand[:3] in (b"hei", b"hev", b"hem", b"hes", b"mif") or said_type in ("image/heic", "image/heif"):
        raise Forbidden(_("Les photos HEIC ne sont pas acceptées : envoyez-la en JPEG."))
    film = brand and brand[:3] != b"avi"
    sound = data[:4] == b"RIFF" and data[8:12] in (b"WAVE", b"AVI ")
    if film or sound or data.startswith(RECORDINGS) or said_type.startswith(("video/", "audio/")):
        raise Forbidden(_("Les vidéos et les sons ne sont pas acceptés."))


def is_picture(data: bytes) -> bool:
    try:
        pictures.points(data)
    except Forbidden as refusal:
        return not isinstance(refusal.__cause__, pictures.UNREADABLE)  # a picture, if one with too many points
    return True


def keep_for_later(owner: Actor, name: str, data: bytes) -> Attachment:
    if mine_to_draw().filter(owner=owner).count() >= WAITING:
        raise Forbidden(_("Trop d’images sont en préparation : attendez un instant."))
    row = Attachment(owner=owner, kind="image", name=name[:200], media_type="image/webp", state="waiting")
    default_storage.save(raw(row), ContentFile(data))
    row.save()
    hallway.wake("pictures")
    return row


def raw(row: Attachment) -> str:
    return f"{RAW}{row.ulid}"


def raw_among(names: Collection[str]) -> set[str]:
    """Those of `names` under which a picture waits to be drawn."""
    ulids = [name.removeprefix(RAW) for name in names if name.startswith(RAW)]
    return {raw(row) for row in mine_to_draw().filter(ulid__among=ulids)}


def mine_to_draw() -> QuerySet[Attachment]:
    """Of our own agents: those that come from elsewhere have the address where they are fetched."""
    return Attachment.objects.filter(state="waiting", remote_url="", owner__local=True)


@hallway.drain("pictures")
def draw_due() -> int:
    """Draw one picture anew."""
    row = mine_to_draw().filter(due_at__lte=now()).order_by("due_at", "pk").first()
    if row is None:
        return 0
    mine = mine_to_draw().filter(pk=row.pk, due_at=row.due_at)
    if mine.update(due_at=now() + LEASE, attempts=F("attempts") + 1):  # else another worker has it
        draw(row)
    return 1


def draw(row: Attachment) -> None:
    """Kept; or missing, when it is no picture after all, or ended the process that drew it too often."""
    try:
        if row.attempts >= TRIES:
            raise Forbidden("ended its process")
        with default_storage.open(raw(row)) as sent:
            media.store_image(row, pictures.decode(sent.read(), media.FULL))
    except (Forbidden, FileNotFoundError) as error:
        log.info("upload.not_drawn", attachment=row.ulid, reason=type(error).__name__)
        row.step("missing")
    else:
        media.settle(row)
    default_storage.delete(raw(row))


def find(viewer: Actor, pk: int) -> Attachment:
    """One that `viewer` sent, or that hangs from what she may read. NotHere."""
    ulid = Attachment.objects.filter(pk=pk).values_list("ulid", flat=True).first()
    if ulid is None:
        raise NotHere(str(pk))
    return posts.attachment(viewer, ulid)


def own(owner: Actor, pk: int) -> Attachment:
    """One of her own, while no post carries it. NotHere."""
    found = Attachment.objects.filter(owner=owner, post=None, pk=pk).first()
    if found is None:
        raise NotHere(str(pk))
    return found


def remove(row: Attachment) -> None:
    """Forbidden while a scheduled post is to carry it."""
    if Scheduled.attachments.through.objects.filter(attachment=row).exists():
        raise Forbidden(_("Une publication programmée porte ce fichier : modifiez-la d’abord."))
    default_storage.delete(raw(row))
    media.drop(row)
