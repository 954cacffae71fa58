"""`preau agents`: who works here, and their ways in."""

import argparse

from django.core.management.base import BaseCommand, CommandError

from actors import arrivals
from actors.accounts import ROLES, Agent
from actors.models import Service
from federation.errors import Forbidden
from instance.place import here


class Command(BaseCommand):
    help = "Invite agents, list them, make a new sign-in link, close an account."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        invite = verbs.add_parser("invite", help="open an account and print its single-use sign-in link")
        invite.add_argument("name", help="verified name: « Julien Mercier »")
        invite.add_argument("--occupation", default="")
        invite.add_argument("--service", default="", help="created when it does not exist")
        invite.add_argument("--role", default="agent", choices=ROLES)
        invite.add_argument("--login", default="")
        link = verbs.add_parser("link", help="print a new single-use sign-in link")
        link.add_argument("login")
        close = verbs.add_parser("close", help="this agent may not sign in any more")
        close.add_argument("login")
        verbs.add_parser("list", help="logins, names and roles")

    def handle(self, *args: object, verb: str, **options: str) -> None:
        try:
            getattr(self, verb)(**options)
        except Forbidden as error:
            raise CommandError(str(error)) from error

    def invite(self, name: str, occupation: str, service: str, role: str, login: str, **_: object) -> None:
        unit = None
        if service:
            unit = Service.objects.filter(actor__name=service).first() or arrivals.open_service(service)
        agent = arrivals.invite(name, occupation, unit, role, login)
        self.stdout.write(f"{agent.login}\n{arrivals.sign_in_link(agent)}")

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
