"""`preau import`: this instance again, from an export, on whichever database the settings name."""
# ruff: noqa: N999  the word that one types

import argparse
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from instance import database
from instance.backups import Unusable, files, keys_apart, passphrases
from instance.exports import reading
from instance.place import here


class Command(BaseCommand):
    help = "Check an export and make this stopped, empty instance from it."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="as `preau export` wrote it")
        parser.add_argument("--keys", type=Path, help="file of `preau export --keys-to`, if the settings are new")
        parser.add_argument("--passphrase-file", type=Path, help="where its passphrase is; else the terminal is asked")
        parser.add_argument("--new-keys", action="store_true", help="when they are lost: a new key for everybody")
        parser.add_argument("--replace", action="store_true", help="what is there is put aside")
        parser.add_argument("--check", action="store_true", help="only tell whether it could be imported")

    def handle(
        self,
        *args: object,
        folder: Path,
        keys: Path | None,
        passphrase_file: Path | None,
        new_keys: bool,
        replace: bool,
        check: bool,
        **options: object,
    ) -> None:
        database.go_direct()
        try:
            files.must_be_ours()
            found = keys_apart.opened(keys, passphrases.read(passphrase_file)) if keys else None
            if check:
                said, _ = reading.check(folder.absolute(), found, new_keys)
                self.stdout.write(f"Export du {said.taken_at} : complet, il peut être importé ici.")
                return
            reading.take(folder.absolute(), found, replace, self.say, new_keys)
        except Unusable as reason:
            raise CommandError(here(str(reason))) from reason
        except OSError as error:
            raise CommandError(f"Le système a refusé : {error}. Relancez avec --replace quand c’est réparé.") from error
        self.say("Importé. Démarrez les services : systemctl start preau (ou preau-web et les autres)")

    def say(self, text: str) -> None:
        self.stdout.write(here(text))
