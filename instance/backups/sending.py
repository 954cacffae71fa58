"""A backup to a bucket, which is none until its manifest is there."""

from collections.abc import Container, Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.timezone import now

from federation.errors import MediaAway
from instance import bucket
from instance.backups import Unusable, files, manifest, media, places, shelves, taking
from instance.backups.manifest import MEDIA, Manifest, engine
from instance.bucket import Bucket


def take(to: str, keep: int | None = None) -> tuple[str, Manifest]:
    """Where it is, and what it says of itself. Older ones go only when it is whole. Unusable."""
    shelf = bucket.opened(places.address(to), patient=True)
    with told(to), workshop() as room:
        folder, said = whole(shelf, room)
        if keep is not None:
            shelves.forget_older(shelf, keep)
    return f"{shelf.address.shown}/{folder.rstrip('/')}", said


@contextmanager
def told(place: str) -> Iterator[None]:
    """What the storage refuses, as a sentence."""
    try:
        yield
    except MediaAway as error:
        raise Unusable(f"{place} ne répond pas ou refuse ({error}). Tapez : preau doctor --only stockage") from error


@contextmanager
def workshop() -> Iterator[Path]:
    """A folder of ours for what is on its way, empty before and after; one backup or restoration at a time."""
    to = settings.DATA / "en-route"
    with taking.locked(to):
        for left in to.glob(f"*{taking.PARTIAL}"):
            taking.remove(left)
        room = to / f"copie{taking.PARTIAL}"
        room.mkdir(mode=files.OWN_FOLDER)
        try:
            yield room
        finally:
            taking.remove(room)


def whole(shelf: Bucket, room: Path) -> tuple[str, Manifest]:
    moment = now().astimezone(UTC)
    folder = shelves.folder_at(moment)
    taking.must_have_room(room)
    if shelf.exists(folder + manifest.NAME):
        raise Unusable("Une autre sauvegarde vient d’être faite là, dans la même seconde : recommencez.")
    found = engine().dump(room)
    parts = {engine().NAME: files.settle(room / engine().NAME)}
    shelf.put(folder + engine().NAME, room / engine().NAME)
    (room / engine().NAME).unlink()
    parts |= send_media(shelf, room)
    said = manifest.made(moment.isoformat(timespec="seconds"), found, parts)
    must_be_there(shelf, folder, said)
    shelf.put(folder + manifest.NAME, manifest.written(said))
    return folder, said


def send_media(shelf: Bucket, room: Path) -> dict[str, list[Any]]:
    """Those that the newest backup has under the same name and size are there already: media never change."""
    there, known = shelves.pool_of(shelf), shelves.newest_trusted(shelf)
    parts: dict[str, list[Any]] = {}
    for name, size in media.listed():
        part: list[Any] = known.get(f"{MEDIA}/{name}", [])
        if part[:1] != [size] or part[1] not in there:
            try:
                part = sent(shelf, name, room, there)
            except FileNotFoundError:  # erased meanwhile, and to be in no backup
                continue
        parts[f"{MEDIA}/{name}"] = part
    return parts


def sent(shelf: Bucket, name: str, room: Path, there: Container[str]) -> list[Any]:
    """Its size and checksum, once it is in the pool. FileNotFoundError."""
    with at_hand(name, room) as path:
        part: list[Any] = [path.stat().st_size, files.checksum(path)]
        if part[1] not in there:
            shelf.put(shelves.in_pool(part[1]), path)
    return part


@contextmanager
def at_hand(name: str, room: Path) -> Iterator[Path]:
    """A file of the media, on a disk, if it is there."""
    if not settings.MEDIA_BUCKET:
        yield media.disk() / name
        return
    path = room / "fichier"
    try:
        media.fetched(name, path)
        yield path
    finally:
        path.unlink(missing_ok=True)


def must_be_there(shelf: Bucket, folder: str, said: Manifest) -> None:
    """What the manifest will name, once more: another may have removed what this one counted on. Unusable."""
    there = shelves.pool_of(shelf)
    media_there = {name: there[part[1]].size for name, part in said.parts.items() if part[1] in there}
    wanted = {name: part[0] for name, part in said.parts.items() if name != engine().NAME}
    database = shelf.head(folder + engine().NAME).size
    if media_there != wanted or database != said.parts[engine().NAME][0]:
        raise Unusable(f"{shelf.address.shown} n’a pas gardé tout ce qui y a été mis : recommencez preau backup")
