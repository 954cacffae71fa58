"""`preau trust`: what a data protection or a security officer asks for, made from what this instance is."""

import argparse

from django.core.management.base import BaseCommand, CommandError

from instance.trust import bill, data_page, installed, links, pages


class Command(BaseCommand):
    help = "Personal data, exchanges with other houses: for the record of processing and the security file."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        data = verbs.add_parser("data", help="personal data kept here: what for, until when, seen by whom")
        data.add_argument("--language", choices=("fr", "en"), default="fr")
        data.add_argument("--csv", action="store_true", help="one line for each column, for a spreadsheet")
        record = verbs.add_parser("links", help="record of exchanges with other houses")
        record.add_argument("--format", choices=("csv", "json", "markdown"), default="csv")
        materials = verbs.add_parser("sbom", help="bill of materials (CycloneDX 1.6): what this software is made of")
        materials.add_argument("--check", action="store_true", help="compare with what is really installed here")
        written = verbs.add_parser("pages", help="for developers: write docs/confiance and docs/trust again")
        written.add_argument("--check", action="store_true", help="write nothing; fail when a page is stale")

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
