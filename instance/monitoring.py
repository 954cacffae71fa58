"""What monitoring asks of the house: whether it serves."""

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from federation.doors import Door, open_to


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
