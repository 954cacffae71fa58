"""`preau queue`: what waits to leave or to be handled, and what was given up."""

import argparse

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from federation import dead_letters as leaving
from federation.errors import Forbidden
from inbox import dead_letters as arrived

DATE = "%Y-%m-%d %H:%M"


class Command(BaseCommand):
    help = gettext_noop(
        "Ce qui attend, par collectivité ; les lettres mortes (D : les nôtres, R : reçues) ; et un nouvel"
        " essai pour elles."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb")
        dead = verbs.add_parser(
            "dead",
            help=_("liste les lettres mortes : numéro, collectivité, activité, raison ; jamais ce qu’elles disent"),
        )
        dead.add_argument("--host", default="", help=_("d’une seule collectivité"))
        replay = verbs.add_parser("replay", help=_("fait repartir des lettres mortes"))
        replay.add_argument("numbers", nargs="*", metavar="ID", help=_("D12 ou R5, comme `preau queue dead` les liste"))
        replay.add_argument("--host", default="", help=_("toutes celles d’une collectivité"))
        replay.add_argument("--all", action="store_true", help=_("toutes"))

    def handle(self, *args: object, verb: str | None, **options: object) -> None:
        if verb == "dead":
            self.dead(str(options["host"]))
        elif verb == "replay":
            self.replay(options["numbers"], str(options["host"]), bool(options["all"]))  # type: ignore[arg-type]
        else:
            self.show()

    def show(self) -> None:
        for owed in leaving.queues().values():
            oldest = f"{owed.oldest:{DATE}}" if owed.oldest else ""
            self.stdout.write(f"{owed.host}\t{owed.waiting} waiting\t{owed.abandoned} abandoned\t{oldest}".rstrip())
        waiting = arrived.waiting()
        first = waiting.first()
        oldest = f"\t{first.state_since:{DATE}}" if first else ""
        self.stdout.write(f"received\t{waiting.count()} waiting\t{arrived.failed().count()} failed{oldest}")

    def dead(self, host: str) -> None:
        for row in leaving.abandoned(host):
            said = (f"D{row.pk}", row.host, row.kind or "", row.activity_uri, row.answer)  # type: ignore[attr-defined]
            self.stdout.write("\t".join((f"{row.state_since:{DATE}}", *said)))
        for receipt in arrived.failed(host):
            said = (f"R{receipt.pk}", receipt.actor.host, receipt.kind, receipt.uri, receipt.reason)
            self.stdout.write("\t".join((f"{receipt.state_since:{DATE}}", *said)))

    def replay(self, numbers: list[str], host: str, everything: bool) -> None:
        if not numbers and not host and not everything:
            raise CommandError("Nommez une lettre (D12, R5), une collectivité (--host) ou toutes (--all).")
        wanted = set(numbers)
        ours = [row for row in leaving.abandoned(host) if not wanted or f"D{row.pk}" in wanted]
        theirs = [receipt for receipt in arrived.failed(host) if not wanted or f"R{receipt.pk}" in wanted]
        found = {f"D{row.pk}" for row in ours} | {f"R{receipt.pk}" for receipt in theirs}
        if missing := wanted - found:
            raise CommandError(f"Pas de lettre morte de ce numéro : {', '.join(sorted(missing))}.")
        for row in ours:
            try:
                leaving.replay(row)
            except Forbidden as error:
                self.stderr.write(f"D{row.pk}\t{error}")
        for receipt in theirs:
            arrived.replay(receipt)
