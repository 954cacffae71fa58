"""`preau agents`: who works here, and their ways in."""

import argparse

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from actors import arrivals
from actors.accounts import ROLES, Agent
from federation.errors import Forbidden
from instance import inviting
from instance.place import here


class Command(BaseCommand):
    help = gettext_noop("Invite des agents, les liste, fait un nouveau lien de connexion, ferme un compte.")

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        invite = verbs.add_parser(
            "invite", help=_("ouvre un compte, et écrit son lien de connexion, valable une seule fois")
        )
        invite.add_argument("name", help=_("nom vérifié : « Julien Mercier »"))
        invite.add_argument("--occupation", default="")
        invite.add_argument("--service", default="", help=_("créé s’il n’existe pas"))
        invite.add_argument("--role", default="agent", choices=ROLES)
        invite.add_argument("--login", default="")
        link = verbs.add_parser("link", help=_("écrit un nouveau lien de connexion, valable une seule fois"))
        link.add_argument("login")
        close = verbs.add_parser("close", help=_("cette personne ne peut plus se connecter"))
        close.add_argument("login")
        verbs.add_parser("list", help=_("identifiants, noms et rôles"))

    def handle(self, *args: object, verb: str, **options: str) -> None:
        try:
            getattr(self, verb)(**options)
        except Forbidden as error:
            raise CommandError(str(error)) from error

    def invite(self, name: str, occupation: str, service: str, role: str, login: str, **_: object) -> None:
        agent, its_link = inviting.invite(name, occupation, service, role, login)
        self.stdout.write(f"{agent.login}\n{its_link}")

    def link(self, login: str, **_: object) -> None:
        self.stdout.write(arrivals.sign_in_link(named(login)))

    def close(self, login: str, **_: object) -> None:
        arrivals.close(named(login))

    def list(self, **_: object) -> None:
        for agent in Agent.objects.select_related("actor").order_by("login"):
            state = "" if agent.is_active else "\tclosed"
            self.stdout.write(f"{agent.login}\t{agent.name}\t{agent.role}{state}")


def named(login: str) -> Agent:
    agent = Agent.objects.filter(login=login).first()
    if agent is None:
        raise CommandError(here(f"Personne ne s’appelle {login} ici : preau agents list"))
    return agent
