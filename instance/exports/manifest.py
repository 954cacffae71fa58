"""What an export says of itself: written last, sealed by the keys' secret, and checked before anything is believed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.timezone import now

from instance.backups import Unusable, files
from instance.backups.manifest import MEDIA, UPGRADE, is_newer, is_sealed, must_be_legible, written

NAME = "export.json"
README = "LISEZMOI.md"
ROWS = "donnees"
FORMAT = 1
STANDS_FOR = timedelta(days=3)


@dataclass(frozen=True)
class Manifest:
    """`counts` and `numbers`: rows of each kind, and the last number given to one; `parts`: size and SHA-256 of each
    file; `last`: the instance was stopped, and has been closed since; `keys`: which secret made the seal."""

    format: int
    version: str
    host: str
    taken_at: str
    database: str
    migrations: list[list[str]]
    counts: dict[str, int]
    numbers: dict[str, int]
    parts: dict[str, list[Any]]
    last: bool = False
    keys: str = ""
    seal: str = ""

    @property
    def size(self) -> int:
        return sum(int(size) for size, _ in self.parts.values())

    @property
    def nothing_since(self) -> bool:
        """All that this instance ever acknowledged is here; after a few days nobody remembers that surely."""
        return self.last and now() - datetime.fromisoformat(self.taken_at) < STANDS_FOR


def rows_of(kind: str) -> str:
    return f"{ROWS}/{kind}.jsonl"


def write(folder: Path, manifest: Manifest) -> None:
    files.write(folder / NAME, written(manifest))


def read(folder: Path) -> Manifest:
    """Unusable when there is none, or none of ours."""
    try:
        said = json.loads((folder / NAME).read_bytes())
    except OSError as error:
        raise Unusable(f"{folder} n’est pas un export complet : {NAME} manque ou ne se lit pas.") from error
    except ValueError as error:
        raise Unusable(f"{folder / NAME} est abîmé : {ANOTHER}.") from error
    if isinstance(said, dict) and said.get("format") != FORMAT:
        raise Unusable(f"Cet export est d’une version plus récente de Préau ({said.get('version')}). {UPGRADE}")
    try:
        found = Manifest(**said)
        must_be_legible(found)
    except (TypeError, ValueError) as error:
        raise Unusable(f"{folder / NAME} est abîmé : {ANOTHER}.") from error
    return found


ANOTHER = "prenez un autre export"


def must_fit(said: Manifest) -> None:
    """Of this very instance, and not newer than we are. Unusable."""
    if said.host != settings.HOST:
        raise Unusable(
            f"Cet export est celui de {said.host}, et cette instance s’appelle {settings.HOST} (PREAU_HOST) :"
            " une instance ne s’importe que sous son nom."
        )
    if is_newer(said):
        raise Unusable(
            f"Cet export vient de Préau {said.version}, plus récent que celui-ci ({settings.VERSION}). {UPGRADE}"
        )


def must_be_whole(folder: Path, said: Manifest, secret: str) -> None:
    """Every part is there and as it was, and so is the manifest, as far as the `secret` is there to tell. Unusable."""
    if secret and not is_sealed(said, secret):
        raise Unusable(f"{folder / NAME} a été modifié : {ANOTHER}.")
    if damaged := next(wrong_parts(folder, said), None):
        raise Unusable(f"Export abîmé : {damaged} manque ou a changé. Rien n’a été touché ; {ANOTHER}.")


def wrong_parts(folder: Path, said: Manifest) -> Iterator[str]:
    yield from (rows_of(kind) for kind in said.counts if rows_of(kind) not in said.parts)
    for name, (size, checksum) in said.parts.items():
        if not is_a_part(name, said) or not files.is_as_it_was(folder, name, size, checksum):
            yield name


def is_a_part(name: str, said: Manifest) -> bool:
    """Who lost the keys cannot tell who wrote the manifest."""
    if name == README or name in map(rows_of, said.counts):
        return True
    return files.is_below(name, MEDIA)
