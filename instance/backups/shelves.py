"""Backups in a bucket: media once for all of them, under their checksums; the manifest, which makes one whole, last.

preau-NAME/20261126T023000Z/database.sqlite3      preau-NAME/media/SHA-256
preau-NAME/20261126T023000Z/manifest.json
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.timezone import now

from instance.backups import Unusable, manifest
from instance.backups.manifest import NAME, Manifest
from instance.backups.taking import STAMP
from instance.bucket import Bucket, Listed

POOL = "media/"
HALF_DONE = timedelta(days=1)  # after which what no backup names was left by one that was cut short


def home() -> str:
    return f"preau-{settings.HOST.replace(':', '_')}/"


def folder_at(moment: datetime) -> str:
    return f"{home()}{moment:{STAMP}}/"


def pool_of(shelf: Bucket) -> dict[str, Listed]:
    """What media are there, by checksum."""
    start = home() + POOL
    return {name.removeprefix(start): found for name, found in shelf.listed(start)}


def in_pool(checksum: str) -> str:
    return f"{home()}{POOL}{checksum}"


def all_whole(shelf: Bucket) -> list[tuple[str, Manifest]]:
    """By their folder, the newest first; those that can be read."""
    found = []
    for name in manifests(shelf):
        with suppress(Unusable):
            found.append((name.removesuffix(NAME), manifest.parsed(shelf.read(name)[0], name, command(shelf))))
    return sorted(found, key=lambda each: each[1].taken_at, reverse=True)


def manifests(shelf: Bucket) -> list[str]:
    return [
        name for name, _ in shelf.listed(home()) if name.endswith(f"/{NAME}") and not name.startswith(home() + POOL)
    ]


def command(shelf: Bucket) -> str:
    """What shows the backups of a bucket."""
    return f"preau restore {shelf.address.shown}"


def newest_trusted(shelf: Bucket) -> dict[str, list[Any]]:
    """The parts of the newest that we have sealed: who may write in the bucket does not tell us what a file holds."""
    return next((said.parts for _, said in ours(shelf)), {})


def ours(shelf: Bucket) -> list[tuple[str, Manifest]]:
    """Those that we have sealed, where we have put them: who may write can copy a seal to another folder."""
    return [each for each in all_whole(shelf) if is_ours(*each)]


def is_ours(folder: str, said: Manifest) -> bool:
    return manifest.is_sealed(said, settings.KEYS_SECRET) and folder == folder_at(datetime.fromisoformat(said.taken_at))


def forget_older(shelf: Bucket, keep: int) -> None:
    """The manifest goes first: one that is half removed is none. Then what no backup names, unless it is new, or there
    is one that cannot tell us what it names. Those of another hand are not counted, and stay."""
    for folder, _ in ours(shelf)[max(1, keep) :]:
        shelf.delete(folder + NAME)
        shelf.delete(*[name for name, _ in shelf.listed(folder)])
    whole = all_whole(shelf)
    if len(whole) < len(manifests(shelf)):
        return
    folders = tuple(folder for folder, _ in whole)
    named = {in_pool(str(part[1])) for _, said in whole for part in said.parts.values()}
    shelf.delete(*left_over(shelf, folders, named))


def left_over(shelf: Bucket, folders: tuple[str, ...], named: set[str]) -> Iterator[str]:
    for name, found in list(shelf.listed(home())):
        if name not in named and not name.startswith(folders) and found.changed < now() - HALF_DONE:
            yield name


def must_exist(shelf: Bucket, folder: str) -> Manifest:
    """Unusable, with those that there are."""
    if folder + NAME in manifests(shelf):
        return manifest.parsed(shelf.read(folder + NAME)[0], folder + NAME, command(shelf))
    root = shelf.address.shown
    there = "".join(f"\n  {root}/{each.rstrip('/')}" for each, _ in all_whole(shelf)) or " aucune"
    raise Unusable(f"Il n’y a pas là de sauvegarde complète de ce nom. Il y a :{there}")
