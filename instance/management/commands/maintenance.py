"""`preau maintenance`: close the instance while somebody works on it, and open it again."""

import argparse

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from federation.errors import Forbidden
from instance import maintenance
from instance.place import here


class Command(BaseCommand):
    help = gettext_noop(
        "Ferme toutes les portes de ce serveur (503) et arrête son travail, ou les rouvre ; les commandes"
        " marchent toujours."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("verb", nargs="?", choices=["on", "off"], help=_("sans rien : dit ce qu’il en est"))
        parser.add_argument(
            "--come-back", action="store_true", help=_("off : bien qu’elle ait été exportée avec --last")
        )

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
