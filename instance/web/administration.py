"""Partner houses for the admins: who asks, who is a partner and fares how, and the offer form."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from actors import approaches, conventions, former_names, partnerships, terms
from actors.models import Approach, Exchange, Organisation
from federation import dead_letters
from federation.dead_letters import Queue
from federation.errors import Forbidden
from federation.models import Peer
from instance.web import partner_forms
from instance.web.access import SeeOther, for_admins
from instance.web.context import all_houses

BOTH = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class House:
    """A line of the list: the house, what we call its state, and how letters to it fare."""

    peer: Peer
    organisation: Organisation | None
    queue: Queue

    @property
    def name(self) -> str:
        return self.organisation.name if self.organisation else self.peer.name or self.peer.host

    @property
    def state(self) -> str:
        return str(partnerships.STATES[self.peer.state])

    @property
    def health(self) -> str:
        """`ok`, `warn` (it does not answer now), `bad` (letters were given up), or nothing for who is no partner."""
        if self.peer.state not in ("active", "guest"):
            return ""
        return "warn" if self.peer.failing_since else "bad" if self.queue.abandoned else "ok"


def houses(peers: Iterable[Peer]) -> list[House]:
    known, owed = all_houses(), dead_letters.queues()
    return [House(peer, known.get(peer.host), owed.get(peer.host, Queue(peer.host))) for peer in peers]


@require_safe
@for_admins
def partners(request: HttpRequest) -> HttpResponse:
    found = houses(Peer.objects.order_by("name", "host"))
    requested = [each for each in found if each.peer.state == "requested"]
    unknown = [(each, approaches.said(each)) for each in Approach.objects.all()]
    announced = former_names.announced()
    context = {
        "nav": "administration",
        "tab": "partners",
        "requested": requested,
        "approaches": unknown,
        "renamed": [(each, announced[each.peer]) for each in found if each.peer in announced],
        "asking": len(requested) + len(unknown) + len(announced),
        "houses": [each for each in found if each.peer.state != "requested"],
        "active": sum(each.peer.state == "active" for each in found),
        "failing": [each for each in found if each.health == "warn"],
        "waiting": sum(each.queue.waiting for each in found),
        "abandoned": sum(each.queue.abandoned for each in found),
    }
    return render(request, "administration/partners.html", context)


@BOTH
@for_admins
def offer(request: HttpRequest) -> HttpResponse:
    """`?serveur=` the host, when one comes from the page of a house."""
    known_already = {"contact": partnerships.our_contact(), "host": request.GET.get("serveur", "")[:260]}
    form = partner_forms.Offer(request.POST or None, initial=known_already)
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = terms.ours(said["contact"], said["purpose"], said=said["words"])
            peer = partnerships.offer(said["host"], made)
        except Forbidden as refusal:
            form.add_error("host", str(refusal))
        else:
            messages.success(request, _("Proposition envoyée à %(house)s.") % {"house": peer.name})
            return SeeOther(reverse("partner", args=[peer.host]))
    context = {"nav": "administration", "form": form}
    return render(request, "administration/offer.html", context, status=422 if form.errors else 200)


@require_safe
@for_admins
def house(request: HttpRequest, host: str) -> HttpResponse:
    (found,) = houses([known(host)])
    context = {
        "nav": "administration",
        "each": found,
        "new_name": former_names.announced().get(found.peer, ""),
        "exchanges": Exchange.objects.filter(peer=found.peer).order_by("-pk"),
        "accept": partner_forms.Accept(initial={"contact": partnerships.our_contact()}, auto_id="accepter_%s"),
        "decline": partner_forms.Say(auto_id="refuser_%s"),
        "ask": partner_forms.Ask(auto_id="demander_%s"),
        "link": conventions.of(found.peer),
        "record": partner_forms.Record(initial=conventions.noted(found.peer), auto_id="registre_%s"),
    }
    return render(request, "administration/house.html", context)


def known(host: str) -> Peer:
    peer = Peer.objects.filter(host=host).first()
    if peer is None:
        raise Http404
    return peer
