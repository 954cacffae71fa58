"""`preau export`: the whole of this instance, in files that anybody reads and that any database takes."""

import argparse
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from instance import database
from instance.backups import Unusable, files, keys_apart, passphrases
from instance.exports import writing
from instance.management.commands.backup import must_be_apart
from instance.place import here


class Command(BaseCommand):
    help = "Write the whole of this instance, for `preau import` or for whoever reads it; keep its secrets apart."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a new one, that will be made")
        parser.add_argument("--last", action="store_true", help="of this stopped instance, which goes on elsewhere")
        parser.add_argument("--keys-to", type=Path, help="write the secrets to another folder, closed by a passphrase")
        parser.add_argument("--passphrase-file", type=Path, help="where the passphrase is; else the terminal is asked")

    def handle(
        self,
        *args: object,
        folder: Path,
        last: bool,
        keys_to: Path | None,
        passphrase_file: Path | None,
        **options: object,
    ) -> None:
        database.go_direct()
        try:
            files.must_be_ours()
            must_be_apart(str(folder), keys_to)
            passphrase = passphrases.read(passphrase_file, twice=True) if keys_to else ""
            if keys_to:
                self.stdout.write(f"Clés : {keys_apart.store(keys_to.absolute(), passphrase)}")
            said = writing.write(folder.absolute(), last)
        except Unusable as reason:
            raise CommandError(here(str(reason))) from reason
        self.stdout.write(
            f"Export complet : {folder} ({sum(said.counts.values())} lignes, {len(said.parts)} fichiers,"
            f" {said.size // 10**6} Mo). À lire d’abord : {folder / 'LISEZMOI.md'}"
        )
        if last:
            self.stdout.write(
                "L’instance reste fermée : elle continue là où cet export sera importé, d’ici trois jours."
            )
