"""The questions of the streaming process, and who answers each: in a thread of this process, or by letter."""

from collections.abc import Callable
from typing import Any

import orjson
from django.db import close_old_connections
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from federation.doors import Door, open_to
from instance.client_api.telling import happened, permits
from instance.streaming import seals

LARGEST = 16_000_000  # a letter, with all who are on the line and all that they listen to
QUESTIONS: dict[str, Callable[..., Any]] = {
    "admit": permits.admit,
    "alive": permits.alive,
    "owns": permits.owns,
    "tell": happened.tell,
}


def answer(question: str, values: dict[str, Any]) -> Any:
    """In a thread, whose connection to the database is looked after here."""
    close_old_connections()
    try:
        return QUESTIONS[question](**values)
    finally:
        close_old_connections()


@csrf_exempt  # the seal says who asks
@open_to(Door.OURSELVES)
@require_POST
def by_letter(request: HttpRequest) -> HttpResponse:
    """Asked by another process of this house. To anyone else there is nothing here."""
    try:
        question, values = orjson.loads(seals.opened(request.read(LARGEST)))
    except seals.Broken as error:
        raise Http404 from error
    return HttpResponse(orjson.dumps(QUESTIONS[question](**values)), content_type="application/json")
