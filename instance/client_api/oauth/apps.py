"""An application introduces itself, and asks later whether it is still known."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from actors import throttle
from inbox import push_keys
from instance import registering
from instance.client_api import answers, parameters
from instance.client_api.door import PUBLIC, Call, door
from instance.client_api.routing import at
from instance.models import Application
from instance.whence import address_of

INTRODUCTIONS = 100  # of an address, in a quarter of an hour: a town hall may have one for all its agents


@door(PUBLIC)
def introduce(call: Call) -> dict[str, Any] | HttpResponse:
    """`client_name`, `redirect_uris` (lines, or a list), `scopes`, `website`."""
    if throttle.too_many("oauth-apps", address_of(call.request), INTRODUCTIONS):
        return answers.error(429, _("Trop de demandes : réessayez dans un quart d’heure."))
    name, scopes, website = (" ".join(lines(call, key)) for key in ("client_name", "scopes", "website"))
    found, secret = registering.register(name, lines(call, "redirect_uris"), scopes, website)
    codes = {"client_id": found.client_id, "client_secret": secret, "client_secret_expires_at": 0}
    return described(found) | codes


@door(PUBLIC)
def verify(call: Call) -> dict[str, Any] | HttpResponse:
    """The application of a token, whichever its scopes are."""
    if call.token is None:
        return answers.error(401, _("Connexion nécessaire, ou terminée : connectez l’application de nouveau."))
    return described(call.application)


def lines(call: Call, key: str) -> list[str]:
    """What was said under this name, once or as a list, line by line."""
    values = [each for each in parameters.items(call.given.get(key)) if isinstance(each, str)]
    return [line for value in values for line in value.splitlines() if line]


def described(application: Application) -> dict[str, Any]:
    return {
        "id": str(application.pk),
        "name": application.name,
        "website": application.website or None,
        "scopes": application.scopes.split(),
        "redirect_uri": application.redirect_uris,
        "redirect_uris": application.redirects,
        "vapid_key": push_keys.public_key(),
    }


ROUTES = [at("v1/apps", POST=introduce), at("v1/apps/verify_credentials", GET=verify)]
