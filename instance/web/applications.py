"""The applications that one let in, and the way out for each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from federation.doors import Door, open_to
from instance import applications
from instance.web.access import SeeOther, agent, for_agents


@require_safe
@for_agents
def connected(request: HttpRequest) -> HttpResponse:
    context = {"connected": applications.connected(agent(request)), "nav": "menu"}
    return render(request, "settings/applications.html", context)


@require_POST
@for_agents
@open_to(Door.OWNER)
def show_out(request: HttpRequest, pk: int) -> HttpResponse:
    """At once, with all that it holds; it may ask to be let in again."""
    gone = applications.show_out(agent(request), pk)
    messages.success(request, _("%(name)s est déconnectée.") % {"name": gone.name})
    return SeeOther("/reglages/applications/")
