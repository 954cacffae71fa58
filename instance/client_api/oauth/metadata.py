"""RFC 8414: what an application can find out about signing in here, before it knows anything else."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from federation.doors import Door, open_to
from instance.client_api import answers, cors
from instance.scopes import SENTENCES


@csrf_exempt
@open_to(Door.EVERYONE)
def authorization_server(request: HttpRequest) -> HttpResponse:
    if request.method == "OPTIONS":
        return cors.preflight(request)
    if request.method not in ("GET", "HEAD"):
        return answers.error(405, "Only GET is answered here.")
    here = settings.ORIGIN
    return answers.answer(
        {
            "issuer": f"{here}/",
            "service_documentation": f"{here}/aide/",
            "authorization_endpoint": f"{here}/oauth/authorize",
            "token_endpoint": f"{here}/oauth/token",
            "revocation_endpoint": f"{here}/oauth/revoke",
            "userinfo_endpoint": f"{here}/oauth/userinfo",
            "app_registration_endpoint": f"{here}/api/v1/apps",
            "scopes_supported": list(SENTENCES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "ui_locales_supported": ["fr", "en"],
        }
    )
