"""Where a passphrase comes from: a file that only its owner reads, or a terminal; never the command line."""

import getpass
import sys
from pathlib import Path

from instance.backups import Unusable

OTHERS = 0o077


def read(file: Path | None, twice: bool = False) -> str:
    """Unusable, with what to type."""
    if file is None:
        return asked(twice)
    try:
        if file.stat().st_mode & OTHERS:
            raise Unusable(f"D’autres que vous peuvent lire {file}. Tapez : chmod 600 {file}")
        found = file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(f"{file} ne se lit pas : --passphrase-file nomme un fichier d’une ligne.") from error
    if not found:
        raise Unusable(f"{file} est vide : écrivez-y la phrase de passe.")
    return found


def asked(twice: bool) -> str:
    if not sys.stdin.isatty():
        raise Unusable("Donnez la phrase de passe dans un fichier : --passphrase-file FICHIER (chmod 600).")
    found = getpass.getpass("Phrase de passe des clés : ")
    if twice and getpass.getpass("Encore une fois : ") != found:
        raise Unusable("Les deux phrases diffèrent : recommencez.")
    return found
