"""`preau peers`: the allow-list, and partnerships between houses."""

import argparse
from collections.abc import Callable

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from actors import approaches, former_names, neighbours, partnerships, renaming, terms
from actors.models import Approach, Exchange
from federation import dead_letters, peers
from federation.errors import FederationError, Forbidden
from federation.models import Peer

ON_A_HOUSE = {
    "add": gettext_noop("inscrit de votre main une collectivité, sans rien lui proposer, et lui demande qui elle est"),
    "offer": gettext_noop("propose à une collectivité d’être partenaires"),
    "withdraw": gettext_noop("retire notre proposition"),
    "verify": gettext_noop(
        "appelle la collectivité qui nous aurait fait une proposition, et vérifie que c’est bien elle"
    ),
    "dismiss": gettext_noop("écarte une proposition que personne n’a vérifiée"),
    "accept": gettext_noop("accepte une proposition"),
    "decline": gettext_noop("refuse une proposition"),
    "ask": gettext_noop("pose une question sur une proposition, ou répond à celle qu’on nous a posée"),
    "suspend": gettext_noop("suspend : rien n’en vient et rien n’y part, jusqu’à la reprise"),
    "resume": gettext_noop("reprend ce qui était suspendu"),
    "revoke": gettext_noop("met fin à un partenariat, tout de suite"),
    "block": gettext_noop("bloque : rien ne s’échange plus jamais avec elle, même si la fédération est ouverte"),
    "unblock": gettext_noop("débloque : elle peut de nouveau faire une proposition"),
    "renamed": gettext_noop(
        "appelle le nouveau nom qu’un partenaire a annoncé : s’il le confirme, il est notre partenaire"
    ),
    "refresh": gettext_noop("redemande à une collectivité qui elle est, ses partenaires et son annuaire"),
    "show": gettext_noop("son état, ce qui s’est dit, et comment vont les lettres"),
}
DATE = "%Y-%m-%d %H:%M"


class Command(BaseCommand):
    help = gettext_noop("Les partenaires : propositions, réponses, suspensions et fins.")

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb, text in ON_A_HOUSE.items():
            verb_parser = verbs.add_parser(verb, help=_(text))
            verb_parser.add_argument("host", help="rsi.vernay.fr")
            if verb == "renamed":
                verb_parser.add_argument("new_host", help=_("celui qu’il a annoncé : vernay.fr"))
            if verb == "add":
                verb_parser.add_argument(
                    "--account-domain", default="", help=_("si ses adresses finissent autrement : vernay.fr")
                )
            if verb == "offer":
                verb_parser.add_argument("--purpose", required=True, help=_("pourquoi nous voulons échanger"))
            if verb in ("offer", "accept"):
                verb_parser.add_argument(
                    "--contact", default="", help=_("adresse de notre délégué à la protection des données")
                )
                verb_parser.add_argument("--charter", default=terms.CHARTER, help=_("version de notre charte"))
            if verb in ("offer", "accept", "decline", "ask", "revoke"):
                verb_parser.add_argument("--message", default="", help=_("ce que nous leur disons"))
        verbs.add_parser("list", help=_("noms de serveur, états, noms, agents, lettres qui attendent"))
        verbs.add_parser(
            "requests", help=_("propositions qui attendent une réponse, et celles que personne n’a vérifiées")
        )

    def handle(self, *args: object, verb: str, **options: str) -> None:
        try:
            getattr(self, verb)(**options)
        except Forbidden as error:
            raise CommandError(str(error)) from error
        except FederationError as error:
            raise CommandError(f"{type(error).__name__}: {error}") from error

    def add(self, host: str, account_domain: str, **_: object) -> None:
        peer = peers.add(host, account_domain)
        if peer.state != "active":
            partnerships.must_be(peer, "active")
        try:
            neighbours.learn(peer)
        except FederationError as error:
            self.stderr.write(
                f"{peer.host} is on the list but does not answer yet ({error}): run `preau peers refresh`."
            )
        self.stdout.write(f"{peer.host}\t{peer.name}")

    def offer(self, host: str, purpose: str, contact: str, charter: str, message: str, **_: object) -> None:
        self.say(partnerships.offer(host, terms.ours(contact or partnerships.our_contact(), purpose, charter, message)))

    def withdraw(self, host: str, **_: object) -> None:
        self.done(partnerships.withdraw, host)

    def verify(self, host: str, **_: object) -> None:
        self.say(approaches.verify(self.approach(host)))

    def dismiss(self, host: str, **_: object) -> None:
        approaches.dismiss(self.approach(host))

    def accept(self, host: str, contact: str, charter: str, message: str, **_: object) -> None:
        said = terms.ours(contact or partnerships.our_contact(), charter=charter, said=message)
        self.done(partnerships.accept, host, said)

    def decline(self, host: str, message: str, **_: object) -> None:
        self.done(partnerships.decline, host, message)

    def ask(self, host: str, message: str, **_: object) -> None:
        self.done(partnerships.ask, host, message)

    def suspend(self, host: str, **_: object) -> None:
        self.done(partnerships.suspend, host)

    def resume(self, host: str, **_: object) -> None:
        self.done(partnerships.resume, host)

    def revoke(self, host: str, message: str, **_: object) -> None:
        self.done(partnerships.revoke, host, message)

    def block(self, host: str, **_: object) -> None:
        self.say(partnerships.block(host))

    def unblock(self, host: str, **_: object) -> None:
        self.done(partnerships.unblock, host)

    def renamed(self, host: str, new_host: str, **_: object) -> None:
        self.say(renaming.confirm(self.known(host), new_host))

    def refresh(self, host: str, **_: object) -> None:
        peer = neighbours.learn(self.known(host))
        self.stdout.write(f"{peer.host}\t{peer.name}\t{peer.agent_count}")

    def list(self, **_: object) -> None:
        owed = dead_letters.queues()
        for peer in Peer.objects.order_by("host"):
            waiting = owed.get(peer.host, dead_letters.Queue()).waiting
            self.stdout.write(f"{peer.host}\t{peer.state}\t{peer.name}\t{peer.agent_count}\t{waiting}")

    def requests(self, **_: object) -> None:
        for peer in Peer.objects.filter(state="requested").order_by("host"):
            offer = Exchange.objects.filter(peer=peer, verb="offer", ours=False).last()
            said = (offer.contact, offer.purpose) if offer else ("", "")
            self.stdout.write("\t".join((peer.host, "requested", *said)))
        for peer, name in former_names.announced().items():
            self.stdout.write("\t".join((peer.host, "renamed", name)))
        for approach in Approach.objects.all():
            said_there = approaches.said(approach)
            self.stdout.write("\t".join((approach.host, "unverified", said_there.contact, said_there.purpose)))

    def show(self, host: str, **_: object) -> None:
        peer = self.known(host)
        owed = dead_letters.queue_of(peer.host)
        self.stdout.write(f"{peer.host}\t{peer.state} since {peer.state_since:{DATE}}\t{peer.name}\t{peer.agent_count}")
        self.stdout.write(f"letters: {owed.waiting} waiting, {owed.abandoned} abandoned")
        if peer.failing_since:
            next_try = peer.try_at or owed.next_try
            later = f", next try {next_try:{DATE}}" if next_try else ""
            self.stdout.write(f"failing since {peer.failing_since:{DATE}}{later}")
        for each in Exchange.objects.filter(peer=peer):
            who = "we" if each.ours else "they"
            said = "\t".join(filter(None, (each.contact, each.purpose, each.words)))
            self.stdout.write(f"{each.said_at:{DATE}}\t{who}\t{each.verb}\t{said}".rstrip())

    def done(self, verb: Callable[..., None], host: str, *said: object) -> None:
        peer = self.known(host)
        verb(peer, *said)
        self.say(peer)

    def say(self, peer: Peer) -> None:
        self.stdout.write(f"{peer.host}\t{peer.state}")

    def known(self, host: str) -> Peer:
        peer = Peer.objects.filter(host=host).first()
        if peer is None:
            raise CommandError(f"{host} n’est pas connue : « preau peers list » montre celles qui le sont.")
        return peer

    def approach(self, host: str) -> Approach:
        found = Approach.objects.filter(host=host).first()
        if found is None:
            raise CommandError(f"{host} n’a rien demandé : « preau peers requests » montre les demandes.")
        return found
