"""`preau demo`: three neighbouring houses on this machine, to try."""

import argparse
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from instance.configuration import ROOT


class Command(BaseCommand):
    help = gettext_noop(
        "Montre deux communes et leur intercommunalité, sur cette machine seulement, jusqu’à Ctrl-C ; leurs"
        " données restent."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help=_("recommence : ce qui y a été écrit est perdu"))
        parser.add_argument("--folder", type=Path, default=ROOT / ".demo", help=_("où sont ses données (.demo)"))
        parser.add_argument("--first-port", type=int, help=_("le premier de trois ports qui se suivent (8101)"))
        parser.add_argument(
            "--agents", type=int, choices=range(6, 41), metavar="6..40", help=_("dans chaque collectivité (40)")
        )

    def handle(
        self, *args: object, folder: Path, first_port: int | None, agents: int | None, reset: bool, **options: object
    ) -> None:
        from deploy.demo import show
        from deploy.demo.houses import Trouble

        try:
            show.run(folder.absolute(), sys.stdout, first_port=first_port, agents=agents, reset=reset)
        except Trouble as trouble:
            raise CommandError(str(trouble)) from trouble
