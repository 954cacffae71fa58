"""`preau keys`: the keys that prove who speaks for this house."""

import argparse

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from actors import arrivals
from actors.models import Actor
from federation import keys, names
from instance.place import here


class Command(BaseCommand):
    help = gettext_noop(
        "Remplace des clés de signature ; les autres collectivités apprennent d’elles-mêmes les nouvelles."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        rotate = verbs.add_parser(
            "rotate", help=_("une nouvelle clé ; l’ancienne est encore reconnue deux jours, et ne signe plus")
        )
        whose = rotate.add_mutually_exclusive_group(required=True)
        whose.add_argument("login", nargs="?", help=_("celle d’un agent"))
        whose.add_argument("--house", action="store_true", help=_("celle du serveur, qui signe ce que nous demandons"))
        whose.add_argument("--all", action="store_true", help=_("celles de tous : après une fuite"))

    def handle(self, *args: object, verb: str, login: str | None, house: bool, **options: object) -> None:
        if house:
            owners = [arrivals.instance_actor()]
        elif options["all"]:
            owners = list(Actor.objects.filter(local=True, gone_at=None).order_by("pk"))
        else:
            owners = list(Actor.objects.filter(local=True, handle=login, gone_at=None))
        if not owners:
            raise CommandError(here(f"Personne ne s’appelle {login} ici : preau agents list"))
        handles = {uri: owner.handle for owner in owners for uri in names.every(owner.uri) if keys.of(uri)}
        for uri, handle in handles.items():
            self.stdout.write(f"{handle}\t{keys.rotate(uri).uri}")
