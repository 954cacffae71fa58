"""Where a post went, for its author alone, even once it is withdrawn: one line a house, in plain words."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from actors.models import Organisation
from federation.doors import Door, open_to
from instance.web import wording
from instance.web.access import for_agents, me
from instance.web.context import all_houses
from outbox import ledger
from outbox.ledger import Line, Sending

WORDS = {
    "post": {
        "sent": gettext_lazy("Reçue %(when)s."),
        "sending": gettext_lazy("En cours d’envoi."),
        "waiting": gettext_lazy("En attente : nous réessayons %(when)s."),
        "paused": gettext_lazy("En attente : nos échanges avec cette collectivité sont suspendus."),
        "refused": gettext_lazy("Refusée %(when)s (%(answer)s)."),
    },
    "edit": {
        "sent": gettext_lazy("Dernière modification reçue %(when)s."),
        "sending": gettext_lazy("Dernière modification en cours d’envoi."),
        "waiting": gettext_lazy("Dernière modification en attente : nous réessayons %(when)s."),
        "paused": gettext_lazy("Dernière modification en attente : nos échanges sont suspendus."),
        "refused": gettext_lazy("Dernière modification refusée %(when)s (%(answer)s)."),
    },
    "withdrawal": {
        "sent": gettext_lazy("Retrait confirmé %(when)s."),
        "sending": gettext_lazy("Retrait en cours d’envoi."),
        "waiting": gettext_lazy("Retrait en attente : nous réessayons %(when)s."),
        "paused": gettext_lazy("Retrait en attente : nos échanges avec cette collectivité sont suspendus."),
        "refused": gettext_lazy("Retrait refusé %(when)s (%(answer)s)."),
    },
}


@dataclass(frozen=True)
class Row:
    """One house as the page shows it."""

    host: str
    house: Organisation | None
    sentences: list[str]


@require_safe
@for_agents
@open_to(Door.OWNER)
def sendings(request: HttpRequest, ulid: str) -> HttpResponse:
    post, houses = ledger.own(me(request), ulid), all_houses()
    rows = [Row(line.host, houses.get(line.host), sentences(line)) for line in ledger.read(post)]
    return render(request, "posts/sendings.html", {"post": post, "rows": rows})


def sentences(line: Line) -> list[str]:
    """What this house has, and since when."""
    said = [
        sentence("post", line.post),
        sentence("edit", line.edit) if line.withdrawal is None else "",
        sentence("withdrawal", line.withdrawal),
    ]
    if line.post is None and line.edit is None:
        said.insert(0, _("N’avait pas encore reçu la publication quand vous l’avez retirée."))
    return [each for each in said if each]


def sentence(about: str, sending: Sending | None) -> str:
    if sending is None:
        return ""
    state = "sending" if sending.state == "waiting" and not sending.answer else sending.state
    when = wording.moment(sending.at) if sending.at else ""
    return str(WORDS[about][state]) % {"when": when, "answer": answer(sending.answer)}


def answer(note: str) -> str:
    """A status is told as it is; of other trouble, that there was no answer."""
    return _("réponse %(status)s") % {"status": note} if note.isdecimal() else _("pas de réponse")
