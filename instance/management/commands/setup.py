"""`preau setup`: found this house."""

import argparse

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from actors import arrivals
from actors.models import Organisation
from federation.errors import Forbidden
from instance import database, founded
from instance.backups import Unusable, lost


class Command(BaseCommand):
    help = gettext_noop("Fait la base, les clés du serveur et la collectivité ; relancée, met la collectivité à jour.")

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help=_("nom complet : « Ville de Saint-Aubin-la-Rivière »"))
        parser.add_argument("--short-name", required=True, help=_("le nom que l’on dit : « Saint-Aubin »"))
        parser.add_argument("--siren", required=True, help=_("neuf chiffres"))
        parser.add_argument("--kind", default="commune", help=_("commune, epci, syndicat, departement, region…"))
        parser.add_argument(
            "--once", action="store_true", help=_("laisse telle qu’elle est une collectivité qui est déjà là")
        )
        parser.add_argument(
            "--found-anew", action="store_true", help=_("bien que des sauvegardes d’une précédente soient là")
        )

    def handle(
        self, *args: object, name: str, short_name: str, siren: str, kind: str, once: bool, **options: object
    ) -> None:
        database.bring_up_to_date()
        try:
            founded.must_have_this_name()
            if not options["found_anew"]:
                lost.must_not_be()
            found = Organisation.objects.filter(host=settings.HOST).exclude(actor=None).first() if once else None
            organisation = found or arrivals.settle_organisation(name, short_name, siren, kind)
        except (Forbidden, Unusable) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{organisation.name} ({organisation.host})")
