"""Exchanging a code for a token, and giving a token back: for machines, in every form of body."""

import time
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from oauth2_provider.oauth2_backends import OAuthLibCore
from oauthlib.common import urlencode

from actors import throttle
from actors.arrivals import hash_of
from federation.doors import Door, open_to
from federation.errors import Malformed
from instance.client_api import answers, cors, parameters
from instance.client_api.oauth.server import Server
from instance.whence import address_of

KNOWN = (
    "grant_type", "code", "redirect_uri", "client_id", "client_secret", "scope", "code_verifier", "refresh_token",
    "token", "token_type_hint",
)  # fmt: skip
TRIES = 600  # of an address, in a quarter of an hour


class Core(OAuthLibCore):  # type: ignore[misc]
    """Parameters from wherever the client put them; an unknown one is as if it had not been said."""

    def _extract_params(self, request: HttpRequest) -> tuple[str, str, str, dict[str, Any]]:
        body = urlencode(list(asked(request).items()))
        headers = self.extract_headers(request)
        headers.pop("Origin", None)  # the library's own way with other origins; ours is `cors`
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return request.path, "POST", body, headers

    def _get_extra_credentials(self, request: HttpRequest) -> dict[str, Any]:
        return {"created_at": int(time.time())}


def asked(request: HttpRequest) -> dict[str, str]:
    """The parameters that the protocol knows. A code is kept by its hash, and looked for by it."""
    given, _files = parameters.read(request)
    words = {name: text(given[name]) for name in KNOWN if given.get(name) not in (None, "")}
    if "code" in words:
        words["code"] = hash_of(words["code"])
    return words


def text(value: Any) -> str:
    """Malformed where a word cannot be one."""
    said = value if isinstance(value, str) else ""
    if "\0" in said or not said.isprintable():
        raise Malformed("a parameter cannot be read")
    return said


core = Core(Server())


@csrf_exempt
@sensitive_post_parameters()
@open_to(Door.EVERYONE)
def token(request: HttpRequest) -> HttpResponse:
    """RFC 6749: `authorization_code`, `client_credentials`, `refresh_token`."""
    if (refusal := refused(request)) is not None:
        return refusal
    if throttle.too_many("oauth-token", address_of(request), TRIES):
        return answers.error(429, "slow_down", error_description="Too many requests: wait a quarter of an hour.")
    try:
        _uri, headers, body, status = core.create_token_response(request)
    except Malformed:
        return unreadable()
    return told(body, status, headers)


@csrf_exempt
@sensitive_post_parameters()
@open_to(Door.EVERYONE)
def revoke(request: HttpRequest) -> HttpResponse:
    """RFC 7009: a token that is not, or not this application's, is as good as revoked."""
    if (refusal := refused(request)) is not None:
        return refusal
    try:
        _uri, headers, body, status = core.create_revocation_response(request)
    except Malformed:
        return unreadable()
    return told(body or "{}", status, headers)


def refused(request: HttpRequest) -> HttpResponse | None:
    if request.method == "OPTIONS":
        return cors.preflight(request)
    if request.method != "POST":
        answer = answers.error(405, "invalid_request", error_description="Only POST is answered here.")
        answer.headers["Allow"] = "POST, OPTIONS"
        return answer
    return None


def unreadable() -> HttpResponse:
    return answers.error(400, "invalid_request", error_description="The request cannot be read.")


def told(body: str, status: int, headers: dict[str, str]) -> HttpResponse:
    answer = answers.answer(orjson.loads(body), status)
    answer.headers["Cache-Control"] = "no-store"
    if "WWW-Authenticate" in headers:
        answer.headers["WWW-Authenticate"] = headers["WWW-Authenticate"]
    return answer
