"""The library's endpoints, with only the ways to a token that this house has, and PKCE by S256 or not at all."""

from typing import Any

from oauthlib.oauth2 import (
    AuthorizationCodeGrant,
    AuthorizationEndpoint,
    BearerToken,
    ClientCredentialsGrant,
    RefreshTokenGrant,
    RevocationEndpoint,
    TokenEndpoint,
)
from oauthlib.oauth2.rfc6749 import errors
from oauthlib.oauth2.rfc6749.grant_types.authorization_code import code_challenge_method_s256

from instance.client_api.oauth.validator import Validator
from instance.scopes import OFFLINE

SHORT = 24 * 3600  # seconds that a token lives which is made to be refreshed


class Code(AuthorizationCodeGrant):  # type: ignore[misc]
    """A challenge without a method means `plain`, which is none here. A verifier without a challenge is an attack."""

    _code_challenge_methods = {"S256": code_challenge_method_s256}

    def validate_token_request(self, request: Any) -> None:
        super().validate_token_request(request)
        challenged = self.request_validator.get_code_challenge(request.code, request)
        if request.code_verifier is not None and challenged is None:
            raise errors.InvalidGrantError(request=request)


class Bearer(BearerToken):  # type: ignore[misc]
    """Clients of Mastodon do not refresh: they are given a long-lived token, and the others what they ask for."""

    def create_token(self, request: Any, refresh_token: bool = False, **more: Any) -> Any:
        refreshed = refresh_token and (OFFLINE in request.scopes or request.grant_type == "refresh_token")
        token = super().create_token(request, refresh_token=refreshed)
        if not refreshed:
            del token["expires_in"]
        return token


class Server(AuthorizationEndpoint, TokenEndpoint, RevocationEndpoint):  # type: ignore[misc]
    def __init__(self) -> None:
        validator, bearer = Validator(), Bearer(expires_in=SHORT)
        self.code = Code(validator)
        bearer.request_validator = validator
        AuthorizationEndpoint.__init__(
            self, default_response_type="code", default_token_type=bearer, response_types={"code": self.code}
        )
        TokenEndpoint.__init__(
            self,
            default_grant_type="authorization_code",
            default_token_type=bearer,
            grant_types={
                "authorization_code": self.code,
                "client_credentials": ClientCredentialsGrant(validator),
                "refresh_token": RefreshTokenGrant(validator),
            },
        )
        RevocationEndpoint.__init__(self, validator)
