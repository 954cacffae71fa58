"""`preau doctor`: what is wrong with this house, and what to type next."""

import argparse
import json
import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from instance.doctor import manual
from instance.doctor.examination import Examination, Result, examine, load_checks
from instance.doctor.findings import CHECKS, Finding, Level

SIGNS = {Level.FINE: "·", Level.WARNING: "!", Level.FAULT: "✗"}


class Command(BaseCommand):
    help = "Examine this house; each finding comes with its remedy. Exit status: 0 fine, 1 warnings, 2 faults."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for monitoring: a list of checks and findings")
        parser.add_argument("--only", action="append", default=[], metavar="CHECK", help="this check only (repeatable)")
        parser.add_argument("--offline", action="store_true", help="without the checks that call other machines")
        parser.add_argument("--free-disk", type=int, default=10, metavar="PERCENT", help="warn below this (10)")
        parser.add_argument("--page", action="store_true", help="print docs/operations/que-faire-si.md")

    def handle(self, *args: object, **options: object) -> None:
        with override("fr"):
            if options["page"]:
                self.stdout.write(manual.page(), ending="")
                return
            results = self.examined(options)
            if options["json"]:
                self.stdout.write(json.dumps([told(each) for each in results], ensure_ascii=False, indent=1))
            else:
                self.say(results)
        if worst := max((each.level for each in results), default=Level.FINE):
            sys.exit(int(worst))

    def examined(self, options: dict[str, object]) -> list[Result]:
        load_checks()
        only = set(options["only"])  # type: ignore[call-overload]
        if unknown := only - {each.name for each in CHECKS}:
            known = ", ".join(each.name for each in CHECKS)
            raise CommandError(f"Pas d’examen de ce nom : {', '.join(sorted(unknown))}. Il y a : {known}.")
        wanted = [each for each in CHECKS if not only or each.name in only]
        checks = [each for each in wanted if not (options["offline"] and each.outside)]
        return examine(Examination(free_disk=int(str(options["free_disk"]))), checks)

    def say(self, results: list[Result]) -> None:
        for each in results:
            if each.skipped:
                self.stdout.write(f"- {each.check.name} : pas examiné, faute de {each.skipped}")
            elif not each.findings:
                self.stdout.write(f"✓ {each.check.fine}")
            for finding in each.findings:
                self.stdout.write(f"{SIGNS[finding.level]} {finding.says}\n  → {finding.do}")
                if finding.command:
                    self.stdout.write(f"    {finding.command}")
        found = [finding for each in results for finding in each.findings if finding.level]
        self.stdout.write("\n" + (f"À faire : {len(found)}." if found else "Tout va bien."))


def told(result: Result) -> dict[str, object]:
    skipped = {"skipped": result.skipped} if result.skipped else {}
    findings = [as_json(each) for each in result.findings]
    return {"check": result.check.name, "level": result.level.name.lower(), **skipped, "findings": findings}


def as_json(finding: Finding) -> dict[str, object]:
    said = {"says": finding.says, "do": finding.do, "command": finding.command}
    return {"code": finding.code, "level": finding.level.name.lower(), **said}
