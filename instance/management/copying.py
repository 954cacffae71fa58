"""What the commands that copy an instance, and those that make one from a copy, have in common."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from instance import database
from instance.backups import Unusable, files, keys_apart, passphrases, places
from instance.place import here

AGAIN = "Relancez avec --replace quand c’est réparé."


def secrets_out(parser: argparse.ArgumentParser) -> None:
    """Of a command that copies: where its secrets go."""
    parser.add_argument(
        "--keys-to", type=Path, help=_("écrit les secrets dans un autre dossier, fermés par une phrase")
    )
    parser.add_argument("--passphrase-file", type=Path, help=_("où est la phrase ; sinon elle est demandée au clavier"))


def secrets_in(parser: argparse.ArgumentParser, of: str) -> None:
    """Of a command that makes an instance from what another wrote: with which secrets, and over what."""
    parser.add_argument(
        "--keys", type=Path, help=_("fichier de `preau %(of)s --keys-to`, si les réglages sont neufs") % {"of": of}
    )
    parser.add_argument("--passphrase-file", type=Path, help=_("où est sa phrase ; sinon elle est demandée au clavier"))
    parser.add_argument(
        "--new-keys", action="store_true", help=_("quand elles sont perdues : une nouvelle clé pour chacun")
    )
    parser.add_argument("--replace", action="store_true", help=_("ce qui est là est mis de côté"))
    parser.add_argument("--check", action="store_true", help=_("dit seulement si cela se pourrait"))


@contextmanager
def by_its_account(*, replaces: bool = False) -> Iterator[None]:
    """Past any pooler, as the account that runs the instance; what cannot be is a sentence, in the words of this town.
    What the system refuses to a command that `replaces` may be tried again."""
    database.go_direct()
    try:
        files.must_be_ours()
        yield
    except Unusable as reason:
        raise CommandError(here(str(reason))) from reason
    except OSError as error:
        if not replaces:
            raise
        raise CommandError(f"Le système a refusé : {error}. {AGAIN}") from error


def passphrase_for(to: str, keys_to: Path | None, passphrase_file: Path | None) -> str:
    """That will close the file of keys; "" when none is asked for. Who finds the copy must not find them. Unusable."""
    if keys_to is None:
        return ""
    if not places.is_bucket(to) and keys_to.absolute().resolve().is_relative_to(Path(to).absolute().resolve()):
        raise Unusable(f"Les clés se gardent à part : --keys-to doit être hors de {to}, au mieux sur un autre support.")
    return passphrases.read(passphrase_file, twice=True)


def keys_of(keys: Path | None, passphrase_file: Path | None) -> dict[str, str] | None:
    """What a file of keys holds. Unusable."""
    return keys_apart.opened(keys, passphrases.read(passphrase_file)) if keys else None
