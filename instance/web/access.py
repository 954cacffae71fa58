"""Who may come in: pages are for the agents of this house, and what the rooms refuse becomes an answer in one place."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from actors.models import Actor, Agent
from federation.doors import Door, door_of, open_to
from federation.errors import Forbidden, Gone, Malformed, NotFetched, NotHere, UnknownPeer

View = Callable[..., HttpResponse]
UNANSWERED = (NotHere, Gone, UnknownPeer, Malformed)


class SeeOther(HttpResponseRedirect):
    """After a deed, the page that shows it: the browser asks for it anew."""

    status_code = 303


def for_agents(view: View) -> View:
    """Signed-in, active agents only, or a narrower circle that the view declares beneath and sees to.

    What they may not read answers like what does not exist.
    """

    @login_required
    @open_to(door_of(view) or Door.AGENTS)
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not me(request).active:
            raise PermissionDenied(_("Votre compte est suspendu."))
        try:
            return view(request, *args, **kwargs)
        except UNANSWERED as refusal:
            raise Http404 from refusal
        except NotFetched as refusal:
            raise Http404(_("Cette collectivité ne répond pas pour le moment.")) from refusal
        except Forbidden as refusal:
            raise PermissionDenied(str(refusal)) from refusal

    return wrapped


def for_admins(view: View) -> View:
    """Admins of this house only: for everybody else, nothing is here."""

    @for_agents
    @open_to(Door.ADMINS)
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not agent(request).is_admin:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


def for_moderators(view: View) -> View:
    """Those who moderate this house, and its admins: for everybody else, nothing is here."""

    @for_agents
    @open_to(Door.MODERATORS)
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not agent(request).moderates:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


def me(request: HttpRequest) -> Actor:
    """The person who reads."""
    return agent(request).actor


def agent(request: HttpRequest) -> Agent:
    return cast(Agent, request.user)


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a piece of page, rather than the browser for the whole."""
    return "HX-Request" in request.headers and "HX-Boosted" not in request.headers


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """Where to go afterwards: the page that the form names, when it is one of ours."""
    wanted = request.POST.get("next", "") or request.GET.get("next", "")
    ours = {request.get_host()}
    if wanted and url_has_allowed_host_and_scheme(wanted, ours, require_https=request.is_secure()):
        return wanted
    return resolve_url(otherwise)


def back(request: HttpRequest, otherwise: str) -> SeeOther:
    """To the page that one came from, when it is one of ours."""
    came_from = request.headers.get("Referer", "")
    if request.POST.get("next"):
        return SeeOther(safe_next(request, otherwise))
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return SeeOther(came_from)
    return SeeOther(resolve_url(otherwise))
