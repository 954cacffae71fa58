"""When devices do not ring: an agent's choice, and the organisation's."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actors.models import Organisation
from inbox import quiet
from instance.web import quiet_forms
from instance.web.access import SeeOther, agent, for_admins, for_agents
from instance.web.quiet_forms import HOUSE, NONE, THESE

BOTH = require_http_methods(["GET", "HEAD", "POST"])


@BOTH
@for_agents
def mine(request: HttpRequest) -> HttpResponse:
    account, house = agent(request), quiet.of_house()
    now_hers = quiet.of(account, house)
    whose = HOUSE if account.quiet is None else kind_of(now_hers)
    form = quiet_forms.Hours(request.POST or None, initial=starting_from(now_hers, house, whose), house=house)
    if form.is_valid():
        quiet.choose(account, form.schedule)
        messages.success(request, _("Heures calmes enregistrées."))
        return SeeOther("/menu/")
    context = {"form": form, "nav": "menu"}
    return render(request, "settings/quiet.html", context, status=422 if form.errors else 200)


@BOTH
@for_admins
def house(request: HttpRequest) -> HttpResponse:
    organisation = Organisation.objects.filter(host=settings.HOST).first()
    if organisation is None:
        raise Http404
    schedule = quiet.of_house()
    initial = starting_from(schedule, quiet.USUAL, kind_of(schedule))
    form = quiet_forms.Hours(request.POST or None, initial=initial)
    if form.is_valid():
        quiet.decide(organisation, form.schedule or quiet.USUAL)
        messages.success(request, _("Heures calmes enregistrées."))
        return SeeOther(request.path)
    context = {"form": form, "nav": "administration", "tab": "quiet", "hours": quiet_forms.said(schedule)}
    return render(request, "administration/quiet.html", context, status=422 if form.errors else 200)


def kind_of(schedule: quiet.Schedule) -> str:
    return NONE if schedule == quiet.NEVER else THESE


def starting_from(schedule: quiet.Schedule, otherwise: quiet.Schedule, whose: str) -> dict[str, object]:
    """What the form shows first: useful hours, even to whom has none."""
    shown = [each for each in (schedule, otherwise, quiet.USUAL) if each.begins != each.ends]
    return quiet_forms.initial(shown[0], whose)
