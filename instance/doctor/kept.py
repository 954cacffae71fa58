"""Whether this house could be made again elsewhere, should its machine be lost tonight."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.formats import date_format
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from federation.models import Key
from instance.backups import last
from instance.doctor.examination import Examination
from instance.doctor.findings import DATABASE, Finding, check, warning

RECENT = timedelta(days=2)
NEVER = warning(
    "sauvegarde-jamais",
    _("Aucune sauvegarde n’a encore été faite."),
    _(
        "Faites-en une maintenant, puis laissez preau-backup.timer en faire une chaque nuit, sur une autre machine ou"
        " recopiée ailleurs."
    ),
    "preau backup",
)
OLD = warning(
    "sauvegarde-ancienne",
    _("La dernière sauvegarde complète date du %(date)s."),
    _(
        "Faites-en une maintenant, regardez pourquoi la dernière n’a pas abouti, puis laissez preau-backup.timer en"
        " faire une chaque nuit, sur une autre machine ou recopiée ailleurs."
    ),
    "preau backup ; journalctl -u preau-backup",
)


@check(
    gettext_noop("sauvegarde"),
    _("Il y a une sauvegarde récente, ou le serveur est tout neuf."),
    [NEVER, OLD],
    ["PREAU_DATA", DATABASE],
)
def backed_up(examination: Examination) -> Iterator[Finding]:
    """A house that was founded yesterday has until tomorrow."""
    taken, founded = last.taken_at(), Key.objects.order_by("pk").values_list("fetched_at", flat=True).first()
    if taken and now() - taken > RECENT:
        yield OLD(date=date_format(taken, "j F Y"))
    elif not taken and founded and now() - founded > RECENT:
        yield NEVER()
