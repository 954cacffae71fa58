"""`preau night`: what has outlived its purpose goes, each night; once more, or interrupted, it does no harm."""

import argparse

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from federation import hallway, night
from instance import orphans
from instance.backups import Unusable, files, sending
from instance.place import here


class Command(BaseCommand):
    help = gettext_noop(
        "Efface ce qui ne se garde plus : sessions, jetons, lettres, traces de publications retirées, fichiers que rien"
        " ne nomme."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help=_("dit seulement ce qui partirait"))
        parser.add_argument(
            "--orphans",
            action="store_true",
            dest="however_many",
            help=_("aussi les fichiers que rien ne nomme, quel que soit leur nombre"),
        )

    def handle(self, *args: object, dry_run: bool, however_many: bool, **options: object) -> None:
        if hallway.at_rest():
            self.stdout.write("L’instance est fermée (preau maintenance) : rien n’est effacé.")
            return
        try:
            files.must_be_ours()
            if not dry_run:
                call_command("clearsessions")
                call_command("cleartokens")
            for name in night.CHORES:
                self.tell(name, night.clear(name, dry_run=dry_run))
            with sending.told("Le stockage des photos (PREAU_MEDIA_URL)"):
                self.files(dry_run, however_many)
        except Unusable as reason:
            raise CommandError(here(str(reason))) from reason

    def tell(self, name: str, count: int) -> None:
        if count:
            self.stdout.write(f"{name}: {count}")

    def files(self, dry_run: bool, however_many: bool) -> None:
        looked = orphans.look()
        if dry_run:
            for name in looked.orphans:
                self.stdout.write(name)
        if looked.strange and not however_many:
            raise Unusable(
                f"{len(looked.orphans)} fichiers sur {looked.count} ne sont nommés nulle part dans la base de données :"
                " c’est trop pour être des restes, et rien n’en a été effacé. Vérifiez que cette base et ces photos"
                " sont de la même instance, et lesquels : preau night --dry-run ; s’ils doivent partir, tapez :"
                " preau night --orphans"
            )
        self.tell("files", len(looked.orphans) if dry_run else orphans.erase(looked.orphans))
