"""Following, keeping apart, and answering those who ask to follow."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from actors import directory, following
from actors.models import Actor, Follow
from federation.doors import Door, open_to
from instance.web.access import back, for_agents, is_fragment, me


@require_POST
@for_agents
def follow(request: HttpRequest, address: str) -> HttpResponse:
    person = directory.on_page(address)
    following.ask(me(request), person)
    return answer(request, person)


@require_POST
@for_agents
def unfollow(request: HttpRequest, address: str) -> HttpResponse:
    person = directory.on_page(address)
    following.leave(me(request), person)
    return answer(request, person)


def answer(request: HttpRequest, person: Actor) -> HttpResponse:
    """The button drawn again for htmx; for the others, the page that they came from."""
    if not is_fragment(request):
        return back(request, person.profile_path)
    state = following.states(me(request), [person]).get(person.pk, "")
    return render(request, "parts/follow.html", {"person": person, "follow_state": state})


@require_POST
@for_agents
def block(request: HttpRequest, address: str) -> HttpResponse:
    person = directory.on_page(address)
    following.block(me(request), person)
    messages.success(request, _("%(name)s et vous ne vous lisez plus.") % {"name": person.name})
    return back(request, person.profile_path)


@require_POST
@for_agents
def unblock(request: HttpRequest, address: str) -> HttpResponse:
    person = directory.on_page(address)
    following.unblock(me(request), person)
    messages.success(request, _("Vous pouvez de nouveau lire %(name)s.") % {"name": person.name})
    return back(request, person.profile_path)


@require_POST
@for_agents
def mute(request: HttpRequest, address: str) -> HttpResponse:
    person = directory.on_page(address)
    following.mute(me(request), person)
    said = _("%(name)s ne paraîtra plus dans vos fils, et ne le saura pas.") % {"name": person.name}
    messages.success(request, said)
    return back(request, person.profile_path)


@require_POST
@for_agents
def unmute(request: HttpRequest, address: str) -> HttpResponse:
    person = directory.on_page(address)
    following.unmute(me(request), person)
    messages.success(request, _("%(name)s paraît de nouveau dans vos fils.") % {"name": person.name})
    return back(request, person.profile_path)


@require_safe
@for_agents
def requests(request: HttpRequest) -> HttpResponse:
    waiting = following.requests_to(me(request)).select_related("follower__service")
    return render(request, "people/requests.html", {"waiting": waiting})


@require_POST
@for_agents
@open_to(Door.OWNER)
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    asked = request_of(request, pk)
    following.accept(asked)
    messages.success(request, _("%(name)s vous suit.") % {"name": asked.follower.name})
    return back(request, reverse("follow_requests"))


@require_POST
@for_agents
@open_to(Door.OWNER)
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    asked = request_of(request, pk)
    following.refuse(asked)
    messages.success(request, _("Demande refusée."))
    return back(request, reverse("follow_requests"))


def request_of(request: HttpRequest, pk: int) -> Follow:
    """A request made to the reader, and to nobody else."""
    asked = following.requests_to(me(request)).filter(pk=pk).first()
    if asked is None:
        raise Http404
    return asked
