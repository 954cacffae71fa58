"""`preau doctor`: what is wrong with this house, and what to type next."""

import argparse
import json
import sys
from smtplib import SMTPException

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from instance.doctor import mail, manual, words
from instance.doctor.examination import Examination, Result, examine, load_checks
from instance.doctor.findings import CHECKS, Finding, Level


class Command(BaseCommand):
    help = gettext_noop(
        "Examine ce serveur ; chaque chose trouvée vient avec son remède. Finit par 0 (tout va bien), 1"
        " (avertissements) ou 2 (pannes)."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help=_("pour la surveillance : la liste des examens et de ce qui est trouvé")
        )
        parser.add_argument(
            "--only", action="append", default=[], metavar="CHECK", help=_("cet examen seulement (peut être répété)")
        )
        parser.add_argument(
            "--offline", action="store_true", help=_("sans les examens qui appellent d’autres machines")
        )
        parser.add_argument("--free-disk", type=int, default=10, metavar="PERCENT", help=_("prévient en dessous (10)"))
        parser.add_argument("--mail", action="store_true", help=_("écrit à PREAU_ADMIN_EMAIL quand il y a du nouveau"))
        parser.add_argument("--page", action="store_true", help=_("écrit la page de tout ce qui peut être trouvé"))
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument(
            "--language", default=settings.LANGUAGE, choices=languages, help=_("de ce qui est dit (PREAU_LANGUAGE)")
        )

    def handle(self, *args: object, **options: object) -> None:
        with override(str(options["language"])):
            if options["page"]:
                self.stdout.write(manual.page(), ending="")
                return
            results = self.examined(options)
            if options["json"]:
                self.stdout.write(json.dumps([told(each) for each in results], ensure_ascii=False, indent=1))
            else:
                self.stdout.write("\n".join(words.whole(results)))
            if options["mail"]:
                self.write_to_admin(results)
        if worst := max((each.level for each in results), default=Level.FINE):
            sys.exit(int(worst))

    def examined(self, options: dict[str, object]) -> list[Result]:
        load_checks()
        only = set(options["only"])  # type: ignore[call-overload]
        if unknown := only - {each.name for each in CHECKS}:
            known = ", ".join(each.name for each in CHECKS)
            raise CommandError(
                _("Pas d’examen de ce nom : %(unknown)s. Il y a : %(known)s.")
                % {"unknown": ", ".join(sorted(unknown)), "known": known}
            )
        wanted = [each for each in CHECKS if not only or each.name in only]
        checks = [each for each in wanted if not (options["offline"] and each.outside)]
        return examine(Examination(free_disk=int(str(options["free_disk"]))), checks)

    def write_to_admin(self, results: list[Result]) -> None:
        if not mail.wanted():
            self.stderr.write(_("PREAU_ADMIN_EMAIL n’est pas donné : il n’est écrit à personne."))
            return
        try:
            if mail.tell(results):
                self.stdout.write(_("Écrit à %(to)s.") % {"to": settings.ADMIN_EMAIL})
        except (OSError, SMTPException) as error:
            facts = {"to": settings.ADMIN_EMAIL, "reason": type(error).__name__}
            self.stderr.write(_("Rien n’a pu être écrit à %(to)s : %(reason)s.") % facts)


def told(result: Result) -> dict[str, object]:
    skipped = {"skipped": result.skipped} if result.skipped else {}
    findings = [as_json(each) for each in result.findings]
    return {"check": result.check.name, "level": result.level.name.lower(), **skipped, "findings": findings}


def as_json(finding: Finding) -> dict[str, object]:
    said = {"says": finding.says, "do": finding.do, "command": finding.command}
    return {"code": finding.code, "level": finding.level.name.lower(), **said}
