"""What waits to leave or to be handled, and what was given up, for admins: types, names, reasons, never contents."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from federation import dead_letters as leaving
from federation.errors import Forbidden
from federation.models import Delivery
from inbox import dead_letters as arrived
from inbox.models import Receipt
from instance.web.access import SeeOther, for_admins
from instance.web.context import all_houses

SHOWN = 50
AT_ONCE = 1_000  # letters that one press tries again


@require_safe
@for_admins
def queue(request: HttpRequest) -> HttpResponse:
    known, owed = all_houses(), leaving.queues()
    waiting = arrived.waiting()
    context = {
        "nav": "administration",
        "tab": "queue",
        "queues": [(known.get(host), each) for host, each in owed.items() if each.waiting],
        "waiting": sum(each.waiting for each in owed.values()),
        "received": waiting.count(),
        "oldest": waiting.first(),
        "abandoned": leaving.abandoned()[:SHOWN],
        "abandoned_count": leaving.abandoned().count(),
        "failed": arrived.failed()[:SHOWN],
        "failed_count": arrived.failed().count(),
        "ignored": arrived.ignored()[:SHOWN],
    }
    return render(request, "administration/queue.html", context)


@require_POST
@for_admins
def replay(request: HttpRequest) -> HttpResponse:
    """`lettre=D12` or `R5`; `toutes` for all that were given up."""
    wanted = request.POST.get("lettre", "")
    kind, number = wanted[:1], wanted[1:] if wanted[1:].isdecimal() and len(wanted) < 19 else "0"
    ours, theirs = leaving.abandoned(), arrived.failed()
    if wanted != "toutes":
        ours = ours.filter(pk=int(number)) if kind == "D" else ours.none()
        theirs = theirs.filter(pk=int(number)) if kind == "R" else theirs.none()
    count, refusals = again(list(ours[:AT_ONCE]), list(theirs[:AT_ONCE]))
    for refusal in sorted(refusals):
        messages.error(request, refusal)
    if count:
        said = ngettext("%(count)s lettre repart.", "%(count)s lettres repartent.", count)
        messages.success(request, said % {"count": count})
    elif not refusals:
        messages.error(request, _("Cette lettre n’attend plus de nouvel essai."))
    return SeeOther(reverse("queue"))


def again(ours: list[Delivery], theirs: list[Receipt]) -> tuple[int, set[str]]:
    """How many are tried again, and why others are not."""
    refusals: set[str] = set()
    count = len(theirs)
    for row in ours:
        try:
            leaving.replay(row)
            count += 1
        except Forbidden as refusal:
            refusals.add(str(refusal))
    for receipt in theirs:
        arrived.replay(receipt)
    return count, refusals
