"""`preau size`: how large a machine an instance needs."""

import argparse

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from instance import sizing, sizing_told


class Command(BaseCommand):
    help = gettext_noop(
        "Quelle machine il faut à un serveur, d’après ce qui a été mesuré : voir docs/operations/dimensionner.md."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--agents", type=int, default=300)
        parser.add_argument("--posts-per-day", type=float, default=20, help=_("de toute la collectivité"))
        parser.add_argument("--peers", type=int, default=60, help=_("collectivités partenaires"))
        parser.add_argument(
            "--arrivals-per-day", type=float, help=_("sans rien : chaque partenaire écrit autant que la collectivité")
        )
        parser.add_argument("--pages", type=float, default=sizing.PAGES, help=_("qu’un agent lit par jour"))
        parser.add_argument(
            "--reach", type=float, default=sizing.REACH, help=_("part des publications qui va à un partenaire (0 à 1)")
        )
        parser.add_argument("--page", choices=["fr", "en"], help=_("écrit les tableaux de la page qui dit les tailles"))

    def handle(self, *args: object, **options: object) -> None:
        if options["page"]:
            self.stdout.write(sizing_told.page(str(options["page"])))
            return
        named = ("agents", "posts_per_day", "peers", "arrivals_per_day", "pages", "reach")
        house = sizing.House(*(options[name] for name in named))  # type: ignore[arg-type]
        self.stdout.write("\n".join(sizing_told.sentences(house)))
