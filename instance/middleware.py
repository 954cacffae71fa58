"""What every answer to a browser carries, and the language that the agent chose."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import translation

from federation import names

FOR_MACHINES = ("/ap/", "/api/", "/.well-known/", "/nodeinfo/", "/oauth/")
Handler = Callable[[HttpRequest], HttpResponse]
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none';"
    " frame-ancestors 'none'; form-action 'self'"
)


def strict_headers(get_response: Handler) -> Handler:
    """No third party, no inline script or style, nothing kept by a shared cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def present_name(get_response: Handler) -> Handler:
    """A page that is asked for under a former name of ours is shown under the present one; machines are answered."""

    def middleware(request: HttpRequest) -> HttpResponse:
        browses = request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", "")
        here = names.origin_asked(request.headers.get("Host", "")) == settings.ORIGIN
        if here or not browses or request.path_info.startswith(FOR_MACHINES):
            return get_response(request)
        return HttpResponsePermanentRedirect(f"{settings.ORIGIN}{request.get_full_path()}")

    return middleware


def readable_address(get_response: Handler) -> Handler:
    """NUL is no text: PostgreSQL refuses even to look for it, so whatever an address with one names is not here."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        return get_response(request)

    return middleware


def own_language(get_response: Handler) -> Handler:
    """An agent's own choice of language wins over the browser's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = getattr(request.user, "language", "")
        if chosen:
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        return get_response(request)

    return middleware
