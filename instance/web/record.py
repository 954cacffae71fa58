"""The record of exchanges with other houses, as an admin downloads it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from instance.trust import links
from instance.web.access import for_admins


@require_safe
@for_admins
def sheet(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(links.told("csv"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="registre-des-echanges.csv"'
    return answer
