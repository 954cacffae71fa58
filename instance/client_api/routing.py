"""Addresses of the API: one view for each, by method, with and without a slash at its end, never a redirect."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, register_converter
from django.urls.resolvers import RoutePattern
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from federation.doors import Door, open_to
from instance.client_api import answers, cors
from instance.client_api.windows import MOST

Methods = dict[str, Any]


class Id:
    """The id of something, in digits; what is none is not here."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        if int(value) > MOST:
            raise ValueError
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(Id, "id")


def at(address: str, **methods: Any) -> URLPattern:
    """One address (below /api/), and what answers each method. A view that declares no scope stops the start."""
    for view in methods.values():
        if not hasattr(view, "scope"):
            name = getattr(view, "__name__", view)
            raise ImproperlyConfigured(f"{name}, at /api/{address}, declares no scope: put @door(…) above it.")
    return URLPattern(Slashed(f"api/{address}"), by_method(methods))


class Slashed(RoutePattern):
    """A route that a slash at its end does not change."""

    def __init__(self, route: str) -> None:
        super().__init__(route, is_endpoint=True)

    def match(self, path: str) -> Any:
        return super().match(path.removesuffix("/"))


def by_method(methods: Methods) -> Callable[..., HttpResponse]:
    @csrf_exempt  # no cookie is read behind it
    @open_to(Door.CLIENTS)
    def view(request: HttpRequest, **parts: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            return cors.preflight(request)
        doorway = methods.get("GET" if request.method == "HEAD" else request.method or "")
        if doorway is None:
            answer = answers.error(405, _("Cette adresse ne fait pas cela."))
            answer.headers["Allow"] = ", ".join(methods)
            return answer
        response: HttpResponse = doorway(request, **parts)
        return response

    view.methods = methods  # type: ignore[attr-defined]
    return view


@csrf_exempt
@open_to(Door.EVERYONE)
def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    """An address of the API that is none, told as a client reads it."""
    return cors.preflight(request) if request.method == "OPTIONS" else answers.not_found(request)
