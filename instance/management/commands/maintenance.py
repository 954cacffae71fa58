"""`preau maintenance`: close the instance while somebody works on it, and open it again."""

import argparse

from django.core.management.base import BaseCommand, CommandError

from federation.errors import Forbidden
from instance import maintenance
from instance.place import here


class Command(BaseCommand):
    help = "Close every door of this instance (503) and let its work rest, or open them again; commands go on working."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("verb", nargs="?", choices=["on", "off"], help="left out: tell which it is")
        parser.add_argument("--come-back", action="store_true", help="off: though it was exported with --last")

    def handle(self, *args: object, verb: str | None, come_back: bool = False, **options: object) -> None:
        if verb == "on":
            maintenance.turn_on()
        elif verb == "off":
            self.turn_off(come_back)
        self.stdout.write(
            here(
                "En maintenance : l’instance répond « revenez plus tard » à tous. Pour rouvrir : preau maintenance off"
            )
            if maintenance.is_on()
            else "Ouverte : l’instance répond normalement."
        )

    def turn_off(self, come_back: bool) -> None:
        try:
            maintenance.turn_off(come_back)
        except Forbidden as reason:
            raise CommandError(str(reason)) from reason
