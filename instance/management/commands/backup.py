"""`preau backup`: a whole copy of this instance, taken while it runs."""

import argparse
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from instance import database
from instance.backups import Unusable, files, keys_apart, last, passphrases, places, sending, taking
from instance.backups.manifest import Manifest


class Command(BaseCommand):
    help = "Copy the database and the media of this running instance; keep its secrets apart, closed by a passphrase."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--to", default=places.usual(), help=f"folder of backups, or s3://machine/bucket ({places.usual()})"
        )
        parser.add_argument("--keep", type=int, help="then remove the oldest whole backups, but for so many")
        parser.add_argument("--keys-to", type=Path, help="write the secrets to another folder, closed by a passphrase")
        parser.add_argument("--passphrase-file", type=Path, help="where the passphrase is; else the terminal is asked")

    def handle(
        self,
        *args: object,
        to: str,
        keep: int | None,
        keys_to: Path | None,
        passphrase_file: Path | None,
        **options: object,
    ) -> None:
        database.go_direct()
        try:
            files.must_be_ours()
            must_be_apart(to, keys_to)
            passphrase = passphrases.read(passphrase_file, twice=True) if keys_to else ""
            place, said = sending.take(to, keep) if places.is_bucket(to) else taken(Path(to), keep)
            self.note()
            self.stdout.write(f"Sauvegarde complète : {place} ({len(said.parts)} fichiers, {said.size // 10**6} Mo)")
            if keys_to:
                self.stdout.write(f"Clés : {keys_apart.store(keys_to.absolute(), passphrase)}")
        except Unusable as reason:
            raise CommandError(str(reason)) from reason
        if not keys_to:
            self.stdout.write("Les clés n’y sont pas : une fois au moins, preau backup --keys-to UN-AUTRE-DOSSIER")

    def note(self) -> None:
        """The backup is whole whether or not this can be written down."""
        try:
            last.note()
        except OSError as error:
            self.stderr.write(
                f"La date de cette sauvegarde n’a pas pu être notée ({error.strerror}) : preau doctor ne la verra pas."
                f" Voyez la place et les droits de {last.place().parent}"
            )


def taken(to: Path, keep: int | None) -> tuple[str, Manifest]:
    with sending.told("Le stockage des photos (PREAU_MEDIA_URL)"):
        folder, said = taking.take(to.absolute(), keep)
    return str(folder), said


def must_be_apart(to: str, keys_to: Path | None) -> None:
    """Whoever finds the one must not find the other."""
    if keys_to is None or places.is_bucket(to):
        return
    if keys_to.absolute().resolve().is_relative_to(Path(to).absolute().resolve()):
        raise Unusable(f"Les clés se gardent à part : --keys-to doit être hors de {to}, au mieux sur un autre support.")
