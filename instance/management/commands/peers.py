"""`preau peers`: the allow-list."""

import argparse

from django.core.management.base import BaseCommand, CommandError

from actors import neighbours
from federation import peers
from federation.errors import FederationError
from federation.models import Delivery, Peer


class Command(BaseCommand):
    help = "Add, list, refresh, suspend and resume partner houses."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb, text in (
            ("add", "put a house on the allow-list and ask it who it is"),
            ("refresh", "ask a house again who it is, its partners and its directory"),
            ("suspend", "nothing arrives from it and nothing leaves for it until it is resumed"),
            ("resume", "end a suspension"),
        ):
            verb_parser = verbs.add_parser(verb, help=text)
            verb_parser.add_argument("host", help="rsi.vernay.fr")
            if verb == "add":
                verb_parser.add_argument("--account-domain", default="", help="if its handles end otherwise: vernay.fr")
        verbs.add_parser("list", help="hosts, states, names, agents, letters that wait")

    def handle(self, *args: object, verb: str, **options: str) -> None:
        try:
            getattr(self, verb)(**options)
        except FederationError as error:
            raise CommandError(f"{type(error).__name__}: {error}") from error

    def add(self, host: str, account_domain: str, **_: object) -> None:
        peer = peers.add(host, account_domain)
        try:
            neighbours.learn(peer)
        except FederationError as error:
            self.stderr.write(
                f"{peer.host} is on the list but does not answer yet ({error}): run `preau peers refresh`."
            )
        self.stdout.write(f"{peer.host}\t{peer.name}")

    def refresh(self, host: str, **_: object) -> None:
        peer = neighbours.learn(self.known(host))
        self.stdout.write(f"{peer.host}\t{peer.name}\t{peer.agent_count}")

    def suspend(self, host: str, **_: object) -> None:
        peers.suspend(self.known(host))

    def resume(self, host: str, **_: object) -> None:
        peers.resume(self.known(host))

    def list(self, **_: object) -> None:
        for peer in Peer.objects.order_by("host"):
            waiting = Delivery.objects.filter(host=peer.host, state="waiting").count()
            self.stdout.write(f"{peer.host}\t{peer.state}\t{peer.name}\t{peer.agent_count}\t{waiting}")

    def known(self, host: str) -> Peer:
        peer = Peer.objects.filter(host=host).first()
        if peer is None:
            raise CommandError(f"{host} is not on the list; `preau peers list` shows it.")
        return peer
