"""What monitoring asks of the house: whether it serves, and its figures, which are nobody else's."""

import hmac
from collections.abc import Callable
from time import perf_counter

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from federation.doors import Door, open_to
from instance import metrics
from instance.proxies import LOOPBACK

FORMAT = "text/plain; version=0.0.4; charset=utf-8"
FIGURES = "/metrics"
BY_PROXY = ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded")
Handler = Callable[[HttpRequest], HttpResponse]


@require_safe
@open_to(Door.EVERYONE)
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503; `secure`: whether the proxy says that one came by https."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return JsonResponse({"status": "unavailable", "secure": request.is_secure()}, status=503)
    return JsonResponse({"status": "ok", "secure": request.is_secure()})


@require_safe
@open_to(Door.MONITORING)
def figures(request: HttpRequest) -> HttpResponse:
    """To anyone else there is nothing here."""
    if not may_see(request):
        raise Http404
    return told()


def told() -> HttpResponse:
    try:
        return HttpResponse(metrics.text(), content_type=FORMAT)
    except (DatabaseError, InterfaceError):
        return HttpResponse(status=503)


def may_see(request: HttpRequest) -> bool:
    """By the token of the settings; where there is none, from this machine itself and not through its proxy."""
    if settings.METRICS_TOKEN:
        said = request.headers.get("Authorization", "").encode(errors="replace")
        return hmac.compare_digest(said, f"Bearer {settings.METRICS_TOKEN}".encode())
    here = str(request.META.get("REMOTE_ADDR", "")) in LOOPBACK
    return here and not any(name in request.headers for name in BY_PROXY)


def by_address(get_response: Handler) -> Handler:
    """A middleware: who may see the figures asks for them by the address of this machine, before its name is checked,
    and while the doors are closed too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = request.path_info == FIGURES and request.method in ("GET", "HEAD")
        return told() if asked and may_see(request) else get_response(request)

    return middleware


def timed(get_response: Handler) -> Handler:
    """A middleware: how long each face of the house takes to answer, and no more than that."""

    def middleware(request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        response = get_response(request)
        metrics.observe(request.path_info, response.status_code, perf_counter() - began)
        return response

    return middleware
