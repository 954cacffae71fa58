"""What posts from elsewhere carry: fetched once, in the background, with our signature, as far as there is room."""

import shutil
from collections import Counter
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.utils.timezone import now

from actors import directory
from actors.pictures import IMAGE_LIMIT, decode
from federation import allowances, hallway, http, patience, peers
from federation.errors import FederationError, Forbidden, MediaAway
from outbox import media
from outbox.media import DOCUMENT_LIMIT
from outbox.models import Attachment

log = structlog.get_logger()
TRIES = 5
AHEAD = 200  # rows among which houses are looked for
WORK, SHARE = "media", (2e9, 2e9 / 86_400)  # bytes that one house may have us keep at once, and in each second
FULL = timedelta(hours=1)
AWAY = timedelta(minutes=5)
FLOOR = 500_000_000  # bytes of the disk that are for other things


@hallway.drain("media")
def fetch_due() -> int:
    """Fetch what is due, one of each house, so that none waits for another's. What has no room waits, and is no try."""
    due = Attachment.objects.filter(state="waiting", due_at__lte=now(), owner__host__in=peers.open_hosts())
    due = due.exclude(remote_url="")  # those are ours, and here already: see `outbox.uploads`
    rows = of_each_house(due.exclude(owner__host__in=patience.tired_of("media")))
    if rows and not settings.MEDIA_BUCKET and shutil.disk_usage(settings.DATA).free < FLOOR:
        log.error("media.disk_full")
        return 0
    for row in rows:
        if not allowances.left(WORK, row.owner.host, *SHARE):
            log.warning("media.share_used", host=row.owner.host)
            Attachment.objects.filter(owner__host=row.owner.host, state="waiting").update(due_at=now() + FULL)
        elif not patience.is_tired_of(row.owner.host, "media"):
            fetch(row)
    return len(rows)


def of_each_house(due: QuerySet[Attachment]) -> list[Attachment]:
    """The first of each; those of a house that has very many do not hide the others'."""
    ordered = due.select_related("owner").order_by("due_at", "pk")
    rows = list(ordered[:AHEAD])
    loud = [host for host, count in Counter(row.owner.host for row in rows).items() if 2 * count > AHEAD]
    rows += ordered.exclude(owner__host__in=loud)[:AHEAD] if loud else []
    return list({row.owner.host: row for row in reversed(rows)}.values())


def fetch(row: Attachment) -> None:
    """One medium of a peer: kept re-encoded, tried again later, or missing after a few tries."""
    limit = IMAGE_LIMIT if row.kind == "image" else DOCUMENT_LIMIT
    try:
        with patience.waiting_for(row.owner.host, "media"):
            answer = http.get(row.remote_url, accept="*/*", signer_key=directory.our_key(row.owner.host), limit=limit)
        allowances.charge(WORK, row.owner.host, *SHARE, len(answer.body))
        if answer.status != 200:
            raise Forbidden(f"answered {answer.status}")
        hold(row, answer.body)
    except FederationError as error:
        log.info("media.not_fetched", attachment=row.ulid, reason=str(error)[:200])
        postpone(row)
    except MediaAway as error:  # ours: no try of theirs
        log.warning("media.not_kept", attachment=row.ulid, reason=str(error))
        Attachment.objects.filter(pk=row.pk).update(due_at=now() + AWAY)
    except Exception:  # noqa: BLE001  decoders of strangers' files fail in any way they like: this file, not the others
        log.warning("media.undecodable", attachment=row.ulid)
        postpone(row)


def hold(row: Attachment, data: bytes) -> None:
    if row.kind == "image":
        media.store_image(row, decode(data))
    else:
        row.media_type, suffix = media.sniff(data)
        row.size = len(data)
        row.file.save(f"{row.ulid}{suffix}", ContentFile(data), save=False)
    media.settle(row)


def postpone(row: Attachment) -> None:
    if row.attempts + 1 >= TRIES:
        row.step("missing")
    later = now() + timedelta(minutes=5**row.attempts)
    Attachment.objects.filter(pk=row.pk).update(attempts=row.attempts + 1, due_at=later)
