"""An examination as text: for whoever typed the command, or reads it by e-mail."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from instance.doctor.examination import Result
from instance.doctor.findings import Finding, Level

SIGNS = {Level.FINE: "·", Level.WARNING: "!", Level.FAULT: "✗"}


def whole(results: Iterable[Result]) -> Iterator[str]:
    """What is fine, what was found, what could not be looked at; how much there is to do."""
    results = list(results)
    for each in results:
        if each.skipped:
            facts = {"check": each.check.title, "missing": _(each.skipped)}
            yield _("- %(check)s : pas examiné, faute de %(missing)s") % facts
        elif not each.findings:
            yield f"✓ {each.check.fine}"
        for finding in each.findings:
            yield of(finding)
    yield "\n" + summary(to_do(results))


def to_do(results: Iterable[Result]) -> list[Finding]:
    """The worst first."""
    found = [finding for each in results for finding in each.findings if finding.level]
    return sorted(found, key=lambda finding: -finding.level)


def summary(found: list[Finding]) -> str:
    return _("À faire : %(count)s.") % {"count": len(found)} if found else _("Tout va bien.")


def of(finding: Finding) -> str:
    said = f"{SIGNS[finding.level]} {finding.says}\n  → {finding.do}"
    return f"{said}\n    {finding.command}" if finding.command else said
