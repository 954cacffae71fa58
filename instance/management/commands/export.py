"""`preau export`: the whole of this instance, in files that anybody reads and that any database takes."""

import argparse
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from instance.backups import keys_apart, sending
from instance.exports import writing
from instance.management import copying


class Command(BaseCommand):
    help = gettext_noop(
        "Écrit tout ce serveur, pour `preau import` ou pour qui veut le lire ; ses secrets vont à part."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help=_("un nouveau dossier, qui sera fait"))
        parser.add_argument("--last", action="store_true", help=_("de ce serveur arrêté, qui continue ailleurs"))
        copying.secrets_out(parser)

    def handle(
        self,
        *args: object,
        folder: Path,
        last: bool,
        keys_to: Path | None,
        passphrase_file: Path | None,
        **options: object,
    ) -> None:
        with copying.by_its_account():
            passphrase = copying.passphrase_for(str(folder), keys_to, passphrase_file)
            if keys_to:
                self.stdout.write(f"Clés : {keys_apart.store(keys_to.absolute(), passphrase)}")
            with sending.told("Le stockage des photos (PREAU_MEDIA_URL)"):
                said = writing.write(folder.absolute(), last)
        self.stdout.write(
            f"Export complet : {folder} ({sum(said.counts.values())} lignes, {len(said.parts)} fichiers,"
            f" {said.size // 10**6} Mo). À lire d’abord : {folder / 'LISEZMOI.md'}"
        )
        if last:
            self.stdout.write(
                "L’instance reste fermée : elle continue là où cet export sera importé, d’ici trois jours."
            )
