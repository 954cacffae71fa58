"""The door of the API: who is let in, by which scope, and how what the rooms refuse is told.

Every route declares its scope; `routing.at` stops the start of a house with one that does not.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Protocol, cast

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from federation.errors import Forbidden, Gone, NotFetched, Refused, Undelivered, UnknownPeer
from instance.client_api import rates
from instance.client_api.answers import Answer, answer, error
from instance.client_api.call import Call, Invalid
from instance.client_api.oauth import scopes, tokens

__all__ = ["AGENT", "APP", "PUBLIC", "Answer", "Call", "Invalid", "door"]
PUBLIC = ""  # no scope: for whoever asks
AGENT, APP = "agent", "application"
log = structlog.get_logger()
View = Callable[..., Any]


class Doorway(Protocol):
    """A view, with the scope that it declares."""

    scope: str
    who: str
    __name__: str

    def __call__(self, request: HttpRequest, **parts: Any) -> HttpResponse: ...


def door(scope: str, who: str = AGENT) -> Callable[[View], Doorway]:
    """For an agent's token with this scope or its parent; `who=APP`: an application's own will do; PUBLIC: anyone."""
    if scope != PUBLIC and scope not in scopes.KNOWN:
        raise ValueError(f"{scope} is no scope")

    def declare(view: View) -> Doorway:
        @wraps(view)
        def wrapped(request: HttpRequest, **parts: Any) -> HttpResponse:
            token = tokens.find(bearer(request))
            refusal = refused(token, scope, who)
            if refusal is not None:
                return refusal
            call = Call(request, token)
            if not rates.spend(call):
                return limited(call, error(429, _("Trop de demandes : attendez quelques minutes.")))
            with spoken(call):
                return limited(call, outcome(view, call, parts))

        doorway = cast(Doorway, wrapped)
        doorway.scope, doorway.who = scope, who
        return doorway

    return declare


def bearer(request: HttpRequest) -> str:
    """Only from the header: an address with a secret in it is written in logs. No cookie is ever read here."""
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else ""


def refused(token: Any, scope: str, who: str) -> HttpResponse | None:
    if scope == PUBLIC:
        return None
    if token is None:
        answer = error(401, _("Connexion nécessaire, ou terminée : connectez l’application de nouveau."))
        answer.headers["WWW-Authenticate"] = 'Bearer realm="preau"'
        return answer
    if not scopes.covers(set(token.scope.split()), scope):
        return error(403, _("Cette application n’a pas reçu ce droit."))
    if who == AGENT and token.user is None:
        return error(403, _("Il faut pour cela qu’un agent se connecte."))
    return None


def outcome(view: View, call: Call, parts: dict[str, Any]) -> HttpResponse:
    """What the view returned, or what a room refused, said once for all of them."""
    try:
        said = view(call, **parts)
    except (Forbidden, Invalid) as refusal:
        return error(422, str(refusal) or _("Refusé"))
    except Gone:
        return error(404, _("Introuvable"))
    except UnknownPeer:
        return error(404, _("Introuvable"))
    except Refused as refusal:
        return error(refusal.status, SENTENCES.get(refusal.status, _("Refusé")))
    except (NotFetched, Undelivered):
        return error(503, _("Cette collectivité ne répond pas pour le moment."))
    if isinstance(said, HttpResponse):
        return said
    whole = said if isinstance(said, Answer) else Answer(said)
    return answer(whole.body, whole.status, call.headers)


SENTENCES = {
    400: "Demande illisible",
    403: "Refusé",
    404: "Introuvable",
    413: "Trop grand",
}


def limited(call: Call, response: HttpResponse) -> HttpResponse:
    for name, value in rates.headers(call).items():
        response.headers[name] = value
    return response


@contextmanager
def spoken(call: Call) -> Iterator[None]:
    """In the language of the agent; French otherwise."""
    chosen = call.agent.language if call.viewer is not None else ""
    with translation.override(chosen or "fr"):
        yield
