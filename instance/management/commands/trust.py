"""`preau trust`: what a data protection or a security officer asks for, made from what this instance is."""

import argparse

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from instance.trust import bill, data_page, installed, links, pages


class Command(BaseCommand):
    help = gettext_noop(
        "Données personnelles, échanges avec les autres collectivités : pour le registre des traitements et le"
        " dossier de sécurité."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        data = verbs.add_parser(
            "data", help=_("données personnelles gardées ici : pour quoi, jusqu’à quand, vues par qui")
        )
        data.add_argument("--language", choices=("fr", "en"), default="fr")
        data.add_argument("--csv", action="store_true", help=_("une ligne par colonne, pour un tableur"))
        record = verbs.add_parser("links", help=_("registre des échanges avec les autres collectivités"))
        record.add_argument("--format", choices=("csv", "json", "markdown"), default="csv")
        materials = verbs.add_parser("sbom", help=_("nomenclature (CycloneDX 1.6) : de quoi ce logiciel est fait"))
        materials.add_argument("--check", action="store_true", help=_("compare avec ce qui est vraiment installé ici"))
        written = verbs.add_parser("pages", help=_("pour qui développe : récrit docs/confiance et docs/trust"))
        written.add_argument("--check", action="store_true", help=_("n’écrit rien ; échoue si une page est périmée"))

    def handle(self, *args: object, verb: str, **options: object) -> None:
        getattr(self, verb)(**options)

    def data(self, language: str, csv: bool, **_: object) -> None:
        self.stdout.write(data_page.sheet(language) if csv else data_page.page(language, here=True), ending="")

    def links(self, format: str, **_: object) -> None:  # noqa: A002  the option's name
        self.stdout.write(links.told(format), ending="")

    def sbom(self, check: bool, **_: object) -> None:
        if not check:
            self.stdout.write(bill.text(bill.bill(here=True)), ending="")
            return
        if strange := installed.besides():
            self.stdout.write(f"Installés en plus, que le verrou ne nomme pas : {', '.join(strange)}.")
        if wrong := list(installed.differences()):
            remedy = "Réinstallez ce que le verrou nomme : deploy/environment.sh, puis redémarrez les services."
            raise CommandError("\n".join([*wrong, remedy]))
        self.stdout.write("Tout ce que nomme requirements.lock est installé, à sa version et tel quel.")

    def pages(self, check: bool, **_: object) -> None:
        names = pages.stale() if check else pages.write()
        if check and names:
            raise CommandError(f"À récrire par « preau trust pages » : {', '.join(names)}.")
        for name in names:
            self.stdout.write(name)
