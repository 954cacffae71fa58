"""`preau demo`: three neighbouring houses on this machine, to try."""

import argparse
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from instance.configuration import ROOT


class Command(BaseCommand):
    help = "Show two towns and their community of communes, on this machine only, until Ctrl-C; their data is kept."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="begin anew: what was written there is lost")
        parser.add_argument("--folder", type=Path, default=ROOT / ".demo", help="where its data is kept (.demo)")
        parser.add_argument("--first-port", type=int, help="the first of three ports in a row (8101)")
        parser.add_argument("--agents", type=int, choices=range(6, 41), metavar="6..40", help="in each house (40)")

    def handle(
        self, *args: object, folder: Path, first_port: int | None, agents: int | None, reset: bool, **options: object
    ) -> None:
        from deploy.demo import show
        from deploy.demo.houses import Trouble

        try:
            show.run(folder.absolute(), sys.stdout, first_port=first_port, agents=agents, reset=reset)
        except Trouble as trouble:
            raise CommandError(str(trouble)) from trouble
