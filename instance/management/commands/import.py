"""`preau import`: this instance again, from an export, on whichever database the settings name."""
# ruff: noqa: N999  the word that one types

import argparse
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from instance.backups import sending
from instance.exports import reading
from instance.management import copying
from instance.place import here


class Command(BaseCommand):
    help = gettext_noop("Vérifie un export, et en fait ce serveur, arrêté et vide.")

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help=_("tel que `preau export` l’a écrit"))
        copying.secrets_in(parser, "export")

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
        with copying.by_its_account(replaces=True):
            found = copying.keys_of(keys, passphrase_file)
            if check:
                said, _ = reading.check(folder.absolute(), found, new_keys)
                self.stdout.write(f"Export du {said.taken_at} : complet, il peut être importé ici.")
                return
            with sending.told("Le stockage des photos (PREAU_MEDIA_URL)"):
                reading.take(folder.absolute(), found, replace, self.say, new_keys)
        self.say("Importé. Démarrez les services : systemctl start preau (ou preau-web et les autres)")

    def say(self, text: str) -> None:
        self.stdout.write(here(text))
