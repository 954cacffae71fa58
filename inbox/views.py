"""The letter box: one view for every inbox of the house."""

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from actors.models import Actor
from federation import tallies
from federation.doors import Door, open_to
from federation.errors import Refused, UnknownPeer
from inbox import bell, gate, pressure, receiving

log = structlog.get_logger()


@csrf_exempt
@require_POST
@open_to(Door.LETTERS)
def receive(request: HttpRequest, ulid: str = "") -> HttpResponse:
    """202 once the activity is written down; otherwise the refusal's own status, and no trace."""
    try:
        if ulid and not Actor.objects.filter(ulid=ulid, local=True).exists():
            return JsonResponse({"error": "no such inbox"}, status=404)
        take(request)
    except Refused as refusal:
        return refused(refusal)
    tallies.add({"letters:": 1})
    return HttpResponse(status=202)


def take(request: HttpRequest) -> None:
    try:
        pressure.must_have_room()
        receiving.keep(gate.admit(request))
    except UnknownPeer:
        if not bell.rung(request):
            raise


def refused(refusal: Refused) -> HttpResponse:
    """What a machine is told: the status, and the name of the rule; never what was in the letter."""
    log.info("request.refused", status=refusal.status, rule=type(refusal).__name__, reason=str(refusal)[:200])
    tallies.add({f"refusals:{type(refusal).__name__}": 1})
    headers = {"Retry-After": "60"} if refusal.status in (429, 503) else {}
    return JsonResponse({"error": type(refusal).__name__}, status=refusal.status, headers=headers)
