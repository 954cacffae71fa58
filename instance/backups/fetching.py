"""A backup of a bucket on this machine, as a folder that is checked and restored like any other."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import disk_usage

from django.conf import settings

from instance import bucket
from instance.backups import Unusable, files, manifest, places, sending, shelves
from instance.backups.manifest import MEDIA, Manifest, engine
from instance.bucket import Bucket

NAMED = re.compile(r"(.+)/(preau-[^/]+/[0-9]{8}T[0-9]{6}Z)")
SHA_256 = re.compile("[0-9a-f]{64}")
ROOM = 200_000_000  # bytes that must stay free beyond what is fetched


@contextmanager
def fetched(typed: str) -> Iterator[Path]:
    """The folder, as long as it is needed. Unusable; nothing of the instance is touched."""
    root, folder = split(typed)
    shelf = bucket.opened(places.address(root), patient=True)
    with sending.told(typed):
        said = shelves.must_exist(shelf, folder)
    with sending.workshop() as room:
        must_have_room(said)
        with sending.told(typed):
            for name in said.parts:
                fetch(shelf, folder, said, name, room)
        manifest.write(room, said)
        yield room


def split(typed: str) -> tuple[str, str]:
    """Where backups are, and the folder of one of ours there, which may be none."""
    if found := NAMED.fullmatch(typed.rstrip("/")):
        return found[1], f"{found[2]}/"
    return typed.rstrip("/").partition(f"/{shelves.home()}")[0], shelves.home()


def must_have_room(said: Manifest) -> None:
    free, wanted = disk_usage(settings.DATA).free, said.size + ROOM
    if free < wanted:
        raise Unusable(
            f"Il reste {free // 10**6} Mo dans {settings.DATA}, et il en faut {wanted // 10**6} : faites de la place."
        )


def fetch(shelf: Bucket, folder: str, said: Manifest, name: str, room: Path) -> None:
    checksum = str(said.parts[name][1])
    if not manifest.is_a_part(name) or not SHA_256.fullmatch(checksum):
        raise Unusable(f"Sauvegarde abîmée : elle nomme {name!r}. Rien n’a été touché ; {shelves.command(shelf)}")
    target = room / name
    target.parent.mkdir(mode=files.OWN_FOLDER, parents=True, exist_ok=True)
    place = folder + engine().NAME if not name.startswith(f"{MEDIA}/") else shelves.in_pool(checksum)
    try:
        with target.open("xb") as file:
            for piece in shelf.stream(place):
                file.write(piece)
    except FileNotFoundError:
        raise Unusable(
            f"Sauvegarde abîmée : {name} manque ou a changé. Rien n’a été touché ; prenez une autre sauvegarde"
            f" ({shelves.command(shelf)})."
        ) from None
