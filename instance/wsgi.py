"""Pages and federation for a WSGI server; the embedded server wraps the same object."""

import codecs
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "instance.settings")
FOR_MACHINES = "/ap/"
WITHOUT_SESSION = (FOR_MACHINES, "/api/")


def for_machines() -> WSGIHandler:
    """Under /ap/ and /api/ nobody has a session or a form: what serves those is left out."""
    whole = settings.MIDDLEWARE
    settings.MIDDLEWARE = settings.MIDDLEWARE_FOR_MACHINES
    try:
        return WSGIHandler()  # reads the setting now, and never again
    finally:
        settings.MIDDLEWARE = whole


pages = get_wsgi_application()
letters = for_machines()


def can_be_read(media_type: str) -> bool:
    """Whether it can be parsed, and its charset, if it is one, is of text that any bytes can be: not `base64`."""
    try:
        _type, said = parse_header_parameters(media_type)
        codecs.lookup(said.get("charset", "utf-8"))
    except ValueError:
        return False
    except LookupError:
        return True
    try:
        b"\xff.".decode(said.get("charset", "utf-8"), "replace")
    except (ValueError, LookupError):
        return False
    return True


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A media type that cannot be read is none: Django would fail on it, some of them before it has a request."""
    if not can_be_read(environ.get("CONTENT_TYPE", "")):
        environ["CONTENT_TYPE"] = ""
    handler = letters if environ.get("PATH_INFO", "").startswith(WITHOUT_SESSION) else pages
    return handler(environ, start_response)
