"""`preau backup`: a whole copy of this instance, taken while it runs."""

import argparse
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from instance.backups import keys_apart, last, places, sending, taking
from instance.backups.manifest import Manifest
from instance.management import copying


class Command(BaseCommand):
    help = gettext_noop(
        "Copie la base et les photos de ce serveur, qui sert pendant ce temps ; ses secrets vont à part,"
        " fermés par une phrase."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--to",
            default=places.usual(),
            help=_("dossier des sauvegardes, ou s3://machine/bucket (%(usual)s)") % {"usual": places.usual()},
        )
        parser.add_argument(
            "--keep", type=int, help=_("puis ôte les plus anciennes sauvegardes entières, sauf ce nombre")
        )
        copying.secrets_out(parser)

    def handle(
        self,
        *args: object,
        to: str,
        keep: int | None,
        keys_to: Path | None,
        passphrase_file: Path | None,
        **options: object,
    ) -> None:
        with copying.by_its_account():
            passphrase = copying.passphrase_for(to, keys_to, passphrase_file)
            place, said = sending.take(to, keep) if places.is_bucket(to) else taken(Path(to), keep)
            self.note()
            self.stdout.write(f"Sauvegarde complète : {place} ({len(said.parts)} fichiers, {said.size // 10**6} Mo)")
            if keys_to:
                self.stdout.write(f"Clés : {keys_apart.store(keys_to.absolute(), passphrase)}")
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
