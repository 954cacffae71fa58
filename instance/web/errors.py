"""What the reader sees when a page cannot be shown."""

import sys

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

from federation.errors import MediaAway
from instance.log import place_of

log = structlog.get_logger()
AWAY = (OperationalError, InterfaceError, MediaAway)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """With the reason, when the room that refused wrote one for people."""
    return render(request, "403.html", {"reason": str(exception or "")}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the database or the session: they may be what is broken. What is away is a matter of time."""
    error = sys.exc_info()[1]
    away = isinstance(error, AWAY)
    log.error("request.fault", view=view_of(request), error=type(error).__name__, at=place_of(error))
    answer = HttpResponse(get_template("500.html").render(), status=503 if away else 500)
    if away:
        answer.headers["Retry-After"] = "60"
    return answer


def view_of(request: HttpRequest) -> str:
    """Its name: an address may hold the secret of a link."""
    return request.resolver_match.view_name if request.resolver_match else ""
