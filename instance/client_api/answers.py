"""What clients are answered: always JSON, with the headers by which web clients may read it."""

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from instance.client_api import cors

JSON = "application/json; charset=utf-8"


class Answer:
    """A body with another status than 200."""

    def __init__(self, body: Any, status: int = 200) -> None:
        self.body, self.status = body, status


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    return cors.allow(HttpResponse(orjson.dumps(body), status=status, content_type=JSON, headers=headers))


def error(status: int, sentence: str, **more: Any) -> HttpResponse:
    return answer({"error": sentence, **more}, status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error(404, _("Introuvable"))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error(400, _("Demande illisible"))


def server_error(request: HttpRequest) -> HttpResponse:
    return error(500, _("Une erreur est survenue de notre côté. Réessayez dans un instant."))
