"""How the house fares, for its admins: what works, what waits, what to do, in the words of `preau doctor`."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from federation import dead_letters as leaving
from inbox import dead_letters as arrived
from instance.doctor.examination import Examination, examine, load_checks
from instance.doctor.findings import CHECKS
from instance.web.access import for_admins

# Those that take no time and need no other house. Without some others (tables, an admin who came in) this page would
# not even show.
SHOWN = (
    "fichier des réglages",
    "base de données",
    "disque",
    "clés",
    "Redis",
    "travail de fond",
    "lettres mortes",
    "collectivités",
    "sauvegarde",
    "courrier",
)
PATIENCE = 2.0  # seconds for a mail server: somebody waits for the page


@require_safe
@for_admins
def wellbeing(request: HttpRequest) -> HttpResponse:
    load_checks()
    results = examine(Examination(patience=PATIENCE), [each for each in CHECKS if each.name in SHOWN])
    owed, received = list(leaving.queues().values()), arrived.waiting()
    context = {
        "nav": "administration",
        "tab": "wellbeing",
        "to_do": sorted((each for one in results for each in one.findings), key=lambda each: -each.level),
        "fine": [each.check.fine for each in results if not each.findings and not each.skipped],
        "waiting": sum(each.waiting for each in owed),
        "oldest": min((each.oldest for each in owed if each.oldest), default=None),
        "received": received.count(),
        "oldest_received": received.first(),
        "version": settings.VERSION,
    }
    return render(request, "administration/wellbeing.html", context)
