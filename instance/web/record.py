"""Trust files as they are downloaded: the record of exchanges, by admins; what is kept of everyone, by all agents."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from instance.trust import data_page, links, register
from instance.web.access import for_admins, for_agents


@require_safe
@for_admins
def sheet(request: HttpRequest) -> HttpResponse:
    return spreadsheet(links.told("csv"), "registre-des-echanges.csv")


@require_safe
@for_agents
def kept(request: HttpRequest) -> HttpResponse:
    """Every column that holds something about a person, in the reader's language."""
    language = get_language() if get_language() in register.LANGUAGES else register.LANGUAGES[0]
    return spreadsheet(data_page.sheet(str(language)), "donnees-personnelles.csv")


def spreadsheet(text: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
