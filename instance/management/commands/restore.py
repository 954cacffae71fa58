"""`preau restore`: this instance again, from a backup, under the same name."""

import argparse
import shlex
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from instance import database
from instance.backups import Unusable, fetching, files, keys_apart, passphrases, places, restoring, sending
from instance.place import here


class Command(BaseCommand):
    help = "Check a backup and make this stopped, empty instance again from it; or show the settings in a file of keys."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", help="as `preau backup` named it")
        parser.add_argument("--keys", type=Path, help="file of `preau backup --keys-to`, if the settings are new")
        parser.add_argument("--passphrase-file", type=Path, help="where its passphrase is; else the terminal is asked")
        parser.add_argument("--new-keys", action="store_true", help="when they are lost: a new key for everybody")
        parser.add_argument("--replace", action="store_true", help="what is there is put aside")
        parser.add_argument("--check", action="store_true", help="only tell whether it could be restored")
        parser.add_argument(
            "--show-settings", action="store_true", help="of the file of keys, to write them down again"
        )

    def handle(self, *args: object, folder: str | None, keys: Path | None, **options: object) -> None:
        database.go_direct()
        try:
            files.must_be_ours()
            passphrase = options["passphrase_file"]
            found = keys_apart.opened(keys, passphrases.read(passphrase)) if keys else None  # type: ignore[arg-type]
            if options["show_settings"]:
                self.show(found)
            elif folder is None:
                raise Unusable("Nommez la sauvegarde : preau restore /chemin/preau-NOM-DATE")
            else:
                with place_of(folder) as place:
                    self.restore(place, found, options)
        except Unusable as reason:
            raise CommandError(here(str(reason))) from reason
        except OSError as error:
            raise CommandError(f"Le système a refusé : {error}. Relancez avec --replace quand c’est réparé.") from error

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
