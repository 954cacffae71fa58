"""What the library asks of the house: who an application is, what it may ask for, and what a code is worth."""

from typing import Any

from django.utils.crypto import constant_time_compare
from oauth2_provider.models import AccessToken, Grant, revoke_access_token
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauthlib.oauth2.rfc6749 import errors

from actors.accounts import Agent
from actors.arrivals import hash_of
from instance import applications
from instance.models import SpentCode
from instance.scopes import DEFAULT, allowed


class Validator(OAuth2Validator):  # type: ignore[misc]
    """Codes come here as hashes (see `endpoints.asked`), secrets as they were told."""

    def _check_secret(self, provided_secret: str, stored_secret: str) -> bool:
        return constant_time_compare(hash_of(provided_secret), stored_secret)

    def is_pkce_required(self, client_id: str, request: Any) -> bool:
        return False

    def validate_scopes(self, client_id: str, scopes: list[str], client: Any, request: Any, *rest: Any) -> bool:
        return allowed(scopes, client.scopes)

    def get_default_scopes(self, client_id: str, request: Any, *rest: Any) -> list[str]:
        own: str = request.client.scopes
        return [DEFAULT] if allowed([DEFAULT], own) else own.split()

    def is_within_original_scope(self, request_scopes: list[str], refresh_token: str, request: Any, *rest: Any) -> bool:
        return allowed(request_scopes, " ".join(self.get_original_scopes(refresh_token, request).split()))

    def validate_code(self, client_id: str, code: str, client: Any, request: Any, *rest: Any) -> bool:
        """A code that was exchanged already, whoever shows it, has leaked: the token that it gave ends."""
        for spent in SpentCode.objects.filter(code_hash=code).select_related("token"):
            revoke_access_token(spent.token)
        found = Grant.objects.filter(code=code, application=client).select_related("user__actor").first()
        if found is None or found.is_expired() or not acts(found.user):
            return False
        request.grant, request.user, request.scopes = found, found.user, found.scope.split()
        return True

    def get_code_challenge(self, code: str, request: Any) -> str | None:
        """From the code that was found: another exchange may have spent it meanwhile (see `_save_bearer_token`)."""
        return request.grant.code_challenge or None

    def get_code_challenge_method(self, code: str, request: Any) -> str | None:
        return request.grant.code_challenge_method or None

    def confirm_redirect_uri(self, client_id: str, code: str, redirect_uri: str, client: Any, request: Any) -> bool:
        return bool(request.grant.redirect_uri_allowed(redirect_uri))

    def validate_refresh_token(self, refresh_token: str, client: Any, request: Any, *rest: Any) -> bool:
        good: bool = super().validate_refresh_token(refresh_token, client, request)
        return good and acts(request.user)

    def _save_bearer_token(self, token: dict[str, Any], request: Any, *rest: Any) -> None:
        """The code is spent in the transaction that keeps the token: of two who show it at once, one is refused."""
        by_code = request.grant_type == "authorization_code"
        if by_code and not Grant.objects.filter(code=request.code, application=request.client).delete()[0]:
            raise errors.InvalidGrantError(request=request)
        if request.grant_type == "client_credentials":
            applications.forget_what_is_over(None)
        super()._save_bearer_token(token, request)
        if by_code:
            given = AccessToken.objects.get(token_checksum=hash_of(token["access_token"]))
            SpentCode.objects.create(code_hash=request.code, token=given)

    def invalidate_authorization_code(self, client_id: str, code: str, request: Any, *rest: Any) -> None:
        """Done already, with the token."""


def acts(agent: Agent) -> bool:
    return agent.is_active and agent.actor.active
