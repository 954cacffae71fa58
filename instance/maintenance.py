"""While somebody works on this instance: a file in its data folder closes every door of it, and lets its work rest.

Each process sees the file at once, at the cost of one look at the file system; commands go on working. Where an
instance has several machines, Redis tells the others (`federation.rest`).
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import get_template

from federation import hallway, rest
from federation.errors import Forbidden

Handler = Callable[[HttpRequest], HttpResponse]
MONITORED = ("/health", "/metrics")
FOR_MACHINES = ("/ap/", "/api/", "/oauth/token", "/oauth/revoke", "/.well-known/", "/nodeinfo", "/interne/", *MONITORED)
COME_AGAIN = "120"  # seconds
SAID = "L’instance est en maintenance : réessayez dans quelques minutes. Under maintenance: try again in a few minutes."
RESTORING = "restauration"  # what the file says then
EXPORTED = "export"


def is_on() -> bool:
    return hallway.at_rest()


def is_restoring() -> bool:
    """A restoration began and has not ended: what is here is half of an instance, and no door may open."""
    return is_on_here() and settings.MAINTENANCE.read_text() == RESTORING


def is_on_here() -> bool:
    """By this machine's own file."""
    return settings.MAINTENANCE.exists()


def is_exported() -> bool:
    """It was exported to go on elsewhere: what would happen here now would be lost there, or happen twice."""
    return is_on_here() and settings.MAINTENANCE.read_text() == EXPORTED


def turn_on(reason: str = "") -> None:
    settings.MAINTENANCE.touch(mode=0o640)
    if reason:
        settings.MAINTENANCE.write_text(reason)
    rest.tell(now=True)


def turn_off(come_back: bool = False) -> None:
    """Forbidden, with a French sentence, in the middle of a restoration, and when this instance has left for good."""
    if is_restoring():
        raise Forbidden(
            "La restauration n’est pas finie : relancez-la avec --replace (preau restore ou preau import"
            " DOSSIER --replace), et l’instance rouvrira d’elle-même."
        )
    if is_exported() and not come_back:
        raise Forbidden(
            "Cette instance a été exportée pour continuer ailleurs (preau export --last) : deux ne peuvent pas vivre"
            " sous le même nom. Si vous y renoncez, détruisez cet export, puis : preau maintenance off --come-back"
        )
    open_again()


def open_again() -> None:
    """On all machines but those that have a file of their own."""
    settings.MAINTENANCE.unlink(missing_ok=True)
    rest.tell(now=False)


def finish(stay_closed: bool) -> None:
    """The restoration has ended; an admin who had closed the doors opens them herself."""
    if stay_closed:
        settings.MAINTENANCE.write_text("")
    else:
        open_again()


def closed(get_response: Handler) -> Handler:
    """A middleware, before anything that asks the database. Houses that are told 503 come again and lose nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return refusal(request) if is_on() else get_response(request)

    return middleware


def refusal(request: HttpRequest) -> HttpResponse:
    if request.path_info.startswith(FOR_MACHINES):
        answer: HttpResponse = JsonResponse({"error": SAID}, status=503)
        answer.headers["Access-Control-Allow-Origin"] = "*"  # else web clients cannot even read why
    else:
        answer = HttpResponse(get_template("503.html").render(), status=503)
    answer.headers["Retry-After"] = COME_AGAIN
    return answer
