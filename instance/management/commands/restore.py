"""`preau restore`: this instance again, from a backup, under the same name."""

import argparse
import shlex
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from instance.backups import Unusable, fetching, places, restoring, sending
from instance.management import copying
from instance.place import here


class Command(BaseCommand):
    help = gettext_noop(
        "Vérifie une sauvegarde, et en refait ce serveur, arrêté et vide ; ou montre les réglages d’un fichier de clés."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", help=_("tel que `preau backup` l’a nommé"))
        copying.secrets_in(parser, "backup")
        parser.add_argument(
            "--show-settings", action="store_true", help=_("ceux du fichier de clés, pour les écrire de nouveau")
        )

    def handle(
        self, *args: object, folder: str | None, keys: Path | None, passphrase_file: Path | None, **options: object
    ) -> None:
        with copying.by_its_account(replaces=True):
            found = copying.keys_of(keys, passphrase_file)
            if options["show_settings"]:
                self.show(found)
            elif folder is None:
                raise Unusable("Nommez la sauvegarde : preau restore /chemin/preau-NOM-DATE")
            else:
                with place_of(folder) as place:
                    self.restore(place, found, options)

    def restore(self, folder: Path, keys: dict[str, str] | None, options: dict[str, object]) -> None:
        replace, new_keys = bool(options["replace"]), bool(options["new_keys"])
        if options["check"]:
            said, _ = restoring.check(folder, keys, new_keys)
            self.stdout.write(f"Sauvegarde du {said.taken_at} : complète, elle peut être restaurée ici.")
            return
        with sending.told("Le stockage des photos (PREAU_MEDIA_URL)"):
            restoring.restore(folder, keys, replace, self.stdout.write, new_keys)
        self.stdout.write(here("Restaurée. Démarrez les services : systemctl start preau (ou preau-web et les autres)"))
        for each in left_to_do(keys, new_keys):
            self.stdout.write(here(f"- {each}"))

    def show(self, found: dict[str, str] | None) -> None:
        if found is None:
            raise Unusable("Nommez le fichier de clés : --keys FICHIER")
        for name, value in sorted(found.items()):
            self.stdout.write(f"{name}={shlex.quote(value)}")


def left_to_do(keys: dict[str, str] | None, new_keys: bool) -> Iterator[str]:
    """What nobody thinks of on the day that a machine was lost."""
    yield "Tout le monde est déconnecté. Un lien pour entrer : preau agents link IDENTIFIANT (voyez preau agents list)"
    if new_keys or (keys and keys.get("PREAU_KEYS_SECRET") != settings.KEYS_SECRET):
        yield "Les secrets sont nouveaux ici : refaites le fichier des clés. preau backup --keys-to DOSSIER"
    aside = [*settings.DATA.glob("*.avant-*"), *Path(settings.MEDIA_ROOT).parent.glob("*.avant-*")]
    if aside:
        yield f"Quand tout est en ordre, effacez ce qui a été gardé de côté : rm -r {settings.DATA}/*.avant-*"


def place_of(typed: str) -> AbstractContextManager[Path]:
    return fetching.fetched(typed) if places.is_bucket(typed) else nullcontext(Path(typed).absolute())
