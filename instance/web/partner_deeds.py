"""What admins do with other houses, by the verbs that `preau peers` has too; each answers on the page that shows it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actors import approaches, conventions, neighbours, partnerships, renaming, terms
from actors.models import Approach
from federation import words
from federation.errors import FederationError, Forbidden
from federation.models import Peer
from instance.web import partner_forms
from instance.web.access import SeeOther, for_admins
from instance.web.administration import BOTH, houses, known


def accept(peer: Peer, said: dict[str, str]) -> str:
    partnerships.accept(peer, terms.ours(said.get("contact", ""), said=said.get("words", "")))
    return _("%(house)s est partenaire.")


def decline(peer: Peer, said: dict[str, str]) -> str:
    partnerships.decline(peer, words.line(said.get("words"), terms.WORDS))
    return _("Demande de %(house)s refusée.")


def ask(peer: Peer, said: dict[str, str]) -> str:
    partnerships.ask(peer, words.line(said.get("words"), terms.WORDS))
    return _("Message envoyé à %(house)s.")


def withdraw(peer: Peer, said: dict[str, str]) -> str:
    partnerships.withdraw(peer)
    return _("Proposition à %(house)s retirée.")


def suspend(peer: Peer, said: dict[str, str]) -> str:
    partnerships.suspend(peer)
    return _("Les échanges avec %(house)s sont suspendus.")


def resume(peer: Peer, said: dict[str, str]) -> str:
    partnerships.resume(peer)
    return _("Les échanges avec %(house)s reprennent.")


def unblock(peer: Peer, said: dict[str, str]) -> str:
    partnerships.unblock(peer)
    return _("%(house)s n’est plus bloquée.")


def refresh(peer: Peer, said: dict[str, str]) -> str:
    try:
        neighbours.learn(peer)
    except FederationError as error:
        raise Forbidden(_("%(house)s ne répond pas pour le moment.") % {"house": peer.name or peer.host}) from error
    return _("%(house)s a répondu.")


def renamed(peer: Peer, said: dict[str, str]) -> str:
    renaming.confirm(peer, said.get("host", ""))
    return _("%(house)s est partenaire sous son nouveau nom aussi.")


def record(peer: Peer, said: dict[str, str]) -> str:
    conventions.record(peer, **{name: said.get(name, "") for name in ("purpose", "contact", "since", "annex")})
    return _("Registre mis à jour pour %(house)s.")


DEEDS: dict[str, Callable[[Peer, dict[str, str]], str]] = {
    "accepter": accept,
    "refuser": decline,
    "demander": ask,
    "retirer": withdraw,
    "suspendre": suspend,
    "reprendre": resume,
    "debloquer": unblock,
    "actualiser": refresh,
    "registre": record,
    "renommer": renamed,
}


@require_POST
@for_admins
def act(request: HttpRequest, host: str, deed: str) -> HttpResponse:
    peer = known(host)
    if deed not in DEEDS:
        raise Http404
    return done(request, lambda: DEEDS[deed](peer, request.POST.dict()), peer, reverse("partner", args=[host]))


def done(request: HttpRequest, verb: Callable[[], str], peer: Peer, then: str) -> HttpResponse:
    """Say what was done, or why it was not, on the page that shows it."""
    try:
        messages.success(request, verb() % {"house": peer.name or peer.host})
    except Forbidden as refusal:
        messages.error(request, str(refusal))
    return SeeOther(then)


@BOTH
@for_admins
def revoke(request: HttpRequest, host: str) -> HttpResponse:
    """Asked once on a page of its own, which says what it means."""
    (found,) = houses([known(host)])
    form = partner_forms.Say(request.POST or None)
    if form.is_valid() and request.method == "POST":
        last_words = str(form.cleaned_data["words"])

        def verb() -> str:
            partnerships.revoke(found.peer, last_words)
            return _("Partenariat avec %(house)s terminé.")

        return done(request, verb, found.peer, reverse("partner", args=[host]))
    return render(request, "administration/revoke.html", {"nav": "administration", "each": found, "form": form})


@BOTH
@for_admins
def block(request: HttpRequest, host: str) -> HttpResponse:
    (found,) = houses([known(host)])
    if request.method == "POST":

        def verb() -> str:
            partnerships.block(found.peer.host)
            return _("%(house)s est bloquée.")

        return done(request, verb, found.peer, reverse("partner", args=[host]))
    return render(request, "administration/block.html", {"nav": "administration", "each": found})


def approach(host: str) -> Approach:
    found = Approach.objects.filter(host=host).first()
    if found is None:
        raise Http404
    return found


@require_POST
@for_admins
def verify(request: HttpRequest, host: str) -> HttpResponse:
    """The admin decides that this unknown house may be called."""
    found = approach(host)
    try:
        peer = approaches.verify(found)
    except Forbidden as refusal:
        messages.error(request, str(refusal))
        return SeeOther(reverse("administration"))
    messages.success(request, _("C’est bien %(house)s qui demande.") % {"house": peer.name})
    return SeeOther(reverse("partner", args=[host]))


@require_POST
@for_admins
def dismiss(request: HttpRequest, host: str) -> HttpResponse:
    approaches.dismiss(approach(host))
    messages.success(request, _("Demande écartée."))
    return SeeOther(reverse("administration"))
