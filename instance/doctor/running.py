"""Whether the program answers on this machine, whatever its name in the DNS leads to."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from instance import place
from instance.doctor.examination import Examination
from instance.doctor.findings import Finding, check, fault
from instance.streaming import asking

NOT_RUNNING = fault(
    "preau-muet",
    _("Préau ne répond pas sur cette machine (port %(port)s)."),
    _("Démarrez-le ; s’il s’arrête, son journal dit pourquoi."),
    "systemctl start %(units)s ; journalctl -u 'preau*' -n 50",
)


def is_installed() -> bool:
    return bool(not settings.DEVELOPMENT and place.port())


@check(
    gettext_noop("service"),
    _("Préau répond sur cette machine."),
    [NOT_RUNNING],
    ["PREAU_HOST"],
    concerns=is_installed,
)
def runs(examination: Examination) -> Iterator[Finding]:
    """Any answer will do: what it says is for the checks that come by its name."""
    port = place.port()
    try:
        asking.status(port, settings.HOST)
    except asking.Silent:
        yield NOT_RUNNING(port=port, units="preau-web" if settings.WORK == "celery" else "preau")
