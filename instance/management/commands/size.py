"""`preau size`: how large a machine an instance needs."""

import argparse

from django.core.management.base import BaseCommand

from instance import sizing, sizing_told


class Command(BaseCommand):
    help = "How large a machine an instance needs, by what was measured: see docs/operations/scaling.md."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--agents", type=int, default=300)
        parser.add_argument("--posts-per-day", type=float, default=20, help="of the whole house")
        parser.add_argument("--peers", type=int, default=60, help="houses that are partners")
        parser.add_argument("--arrivals-per-day", type=float, help="left out: each peer writes as much as the house")
        parser.add_argument("--pages", type=float, default=sizing.PAGES, help="that an agent reads a day")
        parser.add_argument(
            "--reach", type=float, default=sizing.REACH, help="of the posts, what a partner gets (0 to 1)"
        )
        parser.add_argument("--page", choices=["fr", "en"], help="print the tables of the page on sizes")

    def handle(self, *args: object, **options: object) -> None:
        if options["page"]:
            self.stdout.write(sizing_told.page(str(options["page"])))
            return
        named = ("agents", "posts_per_day", "peers", "arrivals_per_day", "pages", "reach")
        house = sizing.House(*(options[name] for name in named))  # type: ignore[arg-type]
        self.stdout.write("\n".join(sizing_told.sentences(house)))
