"""What a backup says of itself: written last, sealed by the keys' secret, and checked before anything is believed."""

import hmac
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from pwd import getpwuid
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from federation import names
from instance.backups import Unusable, files, postgresql, sqlite
from instance.backups.facts import Facts
from instance.backups.places import nightly

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    class Sealed(DataclassInstance, Protocol):
        """What says of itself what a folder holds: a backup, or an export."""

        @property
        def host(self) -> str: ...
        @property
        def version(self) -> str: ...
        @property
        def taken_at(self) -> str: ...
        @property
        def migrations(self) -> list[list[str]]: ...
        @property
        def parts(self) -> dict[str, list[Any]]: ...
        @property
        def keys(self) -> str: ...
        @property
        def seal(self) -> str: ...


NAME = "manifest.json"
FORMAT = 1
MEDIA = "media"


@dataclass(frozen=True)
class Manifest:
    """`parts`: size and SHA-256 of each file, by its path in the folder; `keys`: which secret made the seal."""

    format: int
    version: str
    host: str
    taken_at: str
    database: str
    migrations: list[list[str]]
    counts: dict[str, int]
    parts: dict[str, list[Any]]
    keys: str = ""
    seal: str = ""

    @property
    def size(self) -> int:
        return sum(int(size) for size, _ in self.parts.values())


def mark_of(secret: str, host: str) -> str:
    """Tells one secret from another, and nothing of it."""
    return hmac.digest(secret.encode(), f"preau backup of {host}".encode(), "sha256").hex()[:24]


def seal_of(manifest: "Sealed", secret: str) -> str:
    said = {name: value for name, value in asdict(manifest).items() if name != "seal"}
    return hmac.digest(secret.encode(), json.dumps(said, sort_keys=True).encode(), "sha256").hex()


def is_sealed(manifest: "Sealed", secret: str) -> bool:
    """Whether who wrote it had the secret."""
    return hmac.compare_digest(seal_of(manifest, secret).encode(), manifest.seal.encode())


def made(taken_at: str, found: Facts, parts: dict[str, list[Any]]) -> Manifest:
    """Of this instance now, sealed."""
    counts, migrations = found
    said = Manifest(
        format=FORMAT, version=settings.VERSION, host=settings.HOST, taken_at=taken_at, database=kind_of_database(),
        migrations=migrations, counts=counts, parts=parts, keys=mark_of(settings.KEYS_SECRET, settings.HOST),
    )  # fmt: skip
    return replace(said, seal=seal_of(said, settings.KEYS_SECRET))


def written(manifest: "Sealed") -> bytes:
    return json.dumps(asdict(manifest), indent=1, ensure_ascii=False).encode() + b"\n"


def write(folder: Path, manifest: Manifest) -> None:
    files.write(folder / NAME, written(manifest))


def read(folder: Path) -> Manifest:
    """Unusable when there is none, or none of ours."""
    try:
        found = (folder / NAME).read_bytes()
    except OSError as error:
        raise Unusable(why_not(folder, error)) from error
    return parsed(found, str(folder / NAME), f"ls {folder.parent}")


def why_not(folder: Path, error: OSError) -> str:
    if isinstance(error, PermissionError):
        there, account = nightly(), getpwuid(os.geteuid()).pw_name
        return (
            f"Ce dossier ne se lit pas sous le compte {account}. Copiez-le, puis nommez la copie :"
            f" cp -a {folder} {there}/ && chown -R {account}: {there / folder.name}"
        )
    if not folder.exists():
        return f"{folder} n’existe pas : ls {folder.parent} montre ce qu’il y a."
    return f"{folder} n’est pas une sauvegarde complète : {NAME} manque ou ne se lit pas."


def parsed(found: bytes, place: str, others: str) -> Manifest:
    """Unusable, with the command that shows the `others`."""
    try:
        manifest = Manifest(**json.loads(found))
        must_be_legible(manifest)
    except (ValueError, TypeError) as error:
        raise Unusable(f"{place} est abîmé : prenez une autre sauvegarde ({others}).") from error
    if manifest.format != FORMAT:
        raise Unusable(f"Cette sauvegarde est d’une version plus récente de Préau ({manifest.version}). {UPGRADE}")
    return manifest


def must_be_legible(manifest: "Sealed") -> None:
    """TypeError or ValueError for what is of another kind than we write: strangers may have written it."""
    for said in (manifest.host, manifest.version, manifest.taken_at, manifest.keys, manifest.seal):
        str.encode(said)
    for size, checksum in dict.values(manifest.parts):
        int.bit_length(size)
        str.encode(checksum)


UPGRADE = "Mettez d’abord Préau à jour sur cette machine, puis recommencez."


def must_fit(manifest: Manifest) -> None:
    """Of this very instance, whatever it was called, for this kind of database, and not newer than we are. Unusable."""
    if manifest.host not in names.ours():
        raise Unusable(
            f"Cette sauvegarde est celle de {manifest.host}, et cette instance s’appelle {settings.HOST} (PREAU_HOST) :"
            " une instance ne se restaure que sous son nom."
        )
    if manifest.database != kind_of_database():
        raise Unusable(
            f"Cette sauvegarde est faite pour {manifest.database}, et DATABASE_URL nomme {kind_of_database()} : changez"
            " DATABASE_URL, puis recommencez."
        )
    if is_newer(manifest):
        raise Unusable(
            f"Cette sauvegarde vient de Préau {manifest.version}, plus récent que celui-ci ({settings.VERSION})."
            f" {UPGRADE}"
        )


def is_newer(manifest: "Sealed") -> bool:
    """Whether the version that wrote it knew more than we do."""
    unknown = {tuple(each) for each in manifest.migrations} - set(MigrationLoader(None).disk_migrations or {})
    return bool(unknown) or numbers(manifest.version) > numbers(settings.VERSION)


def engine() -> ModuleType:
    return sqlite if settings.SQLITE else postgresql


def kind_of_database() -> str:
    return "SQLite" if settings.SQLITE else "PostgreSQL"


def numbers(version: str) -> list[int]:
    return [int(each) for each in re.findall(r"\d+", version)]


def must_be_whole(folder: Path, manifest: Manifest, secret: str) -> None:
    """Every part is there and as it was, and so is the manifest, as far as the `secret` is there to tell. Unusable."""
    if secret and not is_sealed(manifest, secret):
        raise Unusable(f"{folder / NAME} a été modifié : prenez une autre sauvegarde (ls {folder.parent}).")
    if damaged := next(wrong_parts(folder, manifest), None):
        raise Unusable(
            f"Sauvegarde abîmée : {damaged} manque ou a changé. Rien n’a été touché ; prenez une autre sauvegarde"
            f" (ls {folder.parent})."
        )


def wrong_parts(folder: Path, manifest: Manifest) -> Iterator[str]:
    if engine().NAME not in manifest.parts:
        yield engine().NAME
    for name, (size, checksum) in manifest.parts.items():
        if not is_a_part(name) or not files.is_as_it_was(folder, name, size, checksum):
            yield name


def is_a_part(name: str) -> bool:
    """The database, or a file below media by its plain path: who lost the keys cannot tell who wrote the manifest."""
    return name == engine().NAME or files.is_below(name, MEDIA)
