"""A fault is told in the manner of the face where it happened: JSON to applications, a page to people."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from instance.client_api import answers
from instance.web import errors

FOR_APPLICATIONS = ("/api/", "/oauth/token", "/oauth/revoke")
Fault = Callable[..., HttpResponse]


def faced(machine: Fault, person: Fault) -> Fault:
    def fault(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return (machine if request.path_info.startswith(FOR_APPLICATIONS) else person)(request, *args, **kwargs)

    return fault


bad_request = faced(answers.bad_request, errors.bad_request)
forbidden = errors.forbidden
not_found = faced(answers.not_found, errors.not_found)


def server_error(request: HttpRequest) -> HttpResponse:
    """Logged once, whoever asked."""
    page = errors.server_error(request)
    if not request.path_info.startswith(FOR_APPLICATIONS):
        return page
    answer = answers.server_error(request)
    answer.status_code = page.status_code
    return answer
