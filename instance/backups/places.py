"""Where backups are: a folder, or a bucket that the settings name with its key, which is never typed."""

import os
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from instance.backups import Unusable
from instance.bucket_address import CLEAR, TLS, BucketAddress
from instance.configuration import settings_file
from instance.place import here

NIGHTLY = "/var/backups/preau"  # which preau-backup.timer fills


def is_bucket(place: str) -> bool:
    return place.startswith((f"{TLS}://", f"{CLEAR}://"))


def usual() -> str:
    """Where backups go when nothing is typed."""
    found: BucketAddress | None = settings.BACKUP_BUCKET
    if found:
        return found.shown
    installed = not settings.DEVELOPMENT and os.access(nightly(), os.W_OK | os.X_OK)
    return str(nightly() if installed else settings.BACKUPS)


def nightly() -> Path:
    """Where an installed machine keeps those of each night."""
    return Path(here(NIGHTLY))


def address(typed: str) -> BucketAddress:
    """Of `s3://machine/bucket/folder`. Unusable: with a key in it, of an unknown bucket, or among the media."""
    parts, known = urlsplit(typed), settings.BACKUP_BUCKET
    if "@" in parts.netloc:
        raise Unusable(
            "Une clé ne se tape pas : d’autres la verraient. Mettez-la dans PREAU_BACKUP_URL"
            f" ({settings_file()}), et tapez : s3://MACHINE/BUCKET"
        )
    bucket, *folders = [each for each in parts.path.split("/") if each not in ("", ".", "..")] or [""]
    if known is None or (known.tls, known.host, known.bucket) != (parts.scheme == TLS, parts.netloc.lower(), bucket):
        raise Unusable(
            f"Les réglages n’ont pas de clé pour {typed}. Mettez dans {settings_file()} :"
            f" PREAU_BACKUP_URL='s3://CLÉ:SECRET@{parts.netloc}/{bucket}'"
        )
    found = replace(known, prefix="".join(f"{each}/" for each in folders))
    if among_media(found):
        raise Unusable(
            f"{typed} est là où sont les photos (PREAU_MEDIA_URL) : prenez un autre bucket, au mieux chez un autre"
            " hébergeur."
        )
    return found


def among_media(found: BucketAddress) -> bool:
    media: BucketAddress | None = settings.MEDIA_BUCKET
    same = media and (media.host, media.bucket) == (found.host, found.bucket)
    return bool(media and same and found.prefix.startswith(media.prefix))
