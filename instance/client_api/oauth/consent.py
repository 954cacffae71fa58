"""The page where an agent lets an application in, or does not: everything is asked of her, nothing is remembered."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749.errors import OAuth2Error

from actors.accounts import Agent
from federation.doors import Door, open_to
from instance import applications, redirects, scopes
from instance.client_api.oauth.endpoints import core
from instance.middleware import POLICY
from instance.models import Application

KNOWN = ("client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge", "code_challenge_method")


class Asked:
    """What an application asks for, once the library has found nothing wrong with it."""

    def __init__(self, request: HttpRequest) -> None:
        words = {name: said for name in KNOWN if (said := request.GET.get(name, request.POST.get(name, "")))}
        if "\0" in "".join(words.values()):
            raise ValueError("NUL is no text")
        whole = Request("/oauth/authorize", body=list(words.items()))
        self.scopes, self.credentials = core.server.code.validate_authorization_request(whole)
        self.scopes = list(dict.fromkeys(self.scopes))
        self.application: Application = whole.client
        self.redirect: str = self.credentials["redirect_uri"]
        self.state: str = words.get("state", "")

    @property
    def challenge(self) -> tuple[str, str]:
        return self.credentials.get("code_challenge", ""), self.credentials.get("code_challenge_method", "")

    @property
    def out_of_band(self) -> bool:
        return self.redirect == redirects.OUT_OF_BAND


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@open_to(Door.AGENTS)
def authorize(request: HttpRequest) -> HttpResponse:
    """GET shows who asks and for what; POST is the answer. What is wrong with the request is told here, and not to the
    address in it: anybody may register one."""
    agent = request.user
    if not isinstance(agent, Agent) or not agent.actor.active:
        raise PermissionDenied(_("Votre compte est suspendu."))
    try:
        asked = Asked(request)
    except (OAuth2Error, ValueError) as error:
        return render(request, "oauth/refused.html", {"reason": reason(error)}, status=400)
    if request.method != "POST":
        return page(request, asked)
    return consented(request, agent, asked) if request.POST.get("answer") == "yes" else declined(request, asked)


def page(request: HttpRequest, asked: Asked) -> HttpResponse:
    context = {
        "application": asked.application,
        "may": scopes.sentences(asked.scopes),
        "place": redirects.place(asked.redirect),
        "nav": "menu",
    }
    answer = render(request, "oauth/consent.html", context)
    if not asked.out_of_band:
        source = redirects.policy_source(asked.redirect)
        answer.headers["Content-Security-Policy"] = POLICY.replace("form-action 'self'", f"form-action 'self' {source}")
    return answer


def consented(request: HttpRequest, agent: Agent, asked: Asked) -> HttpResponse:
    code = applications.let_in(agent, asked.application, asked.redirect, asked.scopes, asked.challenge)
    if asked.out_of_band:
        return render(request, "oauth/code.html", {"application": asked.application, "code": code, "nav": "menu"})
    return back(asked, code=code)


def declined(request: HttpRequest, asked: Asked) -> HttpResponse:
    if asked.out_of_band:
        return render(request, "oauth/declined.html", {"application": asked.application, "nav": "menu"})
    return back(asked, error="access_denied", error_description="The resource owner denied the request.")


def back(asked: Asked, **words: Any) -> HttpResponse:
    """To the application, at the very address that it registered."""
    if asked.state:
        words["state"] = asked.state
    answer = HttpResponse(status=303)
    answer.headers["Location"] = redirects.answered(asked.redirect, urlencode(words))
    return answer


def reason(error: Exception) -> str:
    """What may help whoever writes the application; in the words of the protocol."""
    return f"{error.error}: {error.description}" if isinstance(error, OAuth2Error) else "invalid_request"
