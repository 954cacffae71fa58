"""The API described as OpenAPI 3.1, from its own routes: addresses, methods, scopes, and what each asks for.

https://spec.openapis.org/oas/v3.1.1.html; `preau openapi` writes it to docs/api/openapi.json.
"""

import inspect
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import URLPattern

from instance import scopes
from instance.client_api import urls
from instance.client_api.asked_for import Asked, asked_by
from instance.client_api.door import APP, PUBLIC
from instance.client_api.oauth import urls as oauth

PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")
DIGITS = {"type": "string", "pattern": "^[0-9]{1,19}$"}
SCHEMAS: dict[str, Any] = {
    "text": {"type": "string"},
    "flag": {"type": "boolean"},
    "choice": {"type": "string"},
    "integer": {"type": "integer"},
    "id": DIGITS,
    "ids": {"type": "array", "items": DIGITS},
    "words": {"type": "array", "items": {"type": "string"}},
    "form": {"type": "object"},
    "forms": {"type": "array", "items": {"type": "object"}},
    "moment": {"type": "string", "format": "date-time"},
    "file": {"type": "string", "format": "binary"},
    "any": {},
}
ERROR = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}
FORMS = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
WITH_BODY = ("POST", "PUT", "PATCH")
Entity = dict[str, Any]


class Operation(NamedTuple):
    """One method of one address; `route` is as Django writes it, below the root."""

    route: str
    method: str
    view: Any

    @property
    def path(self) -> str:
        return "/" + PLACE.sub(r"{\2}", self.route)

    @property
    def name(self) -> str:
        """Of its own, as a word."""
        return f"{self.method.lower()}_{'_'.join(re.findall(r'[a-z0-9_]+', self.path.removeprefix('/api')))}"

    @property
    def places(self) -> list[tuple[str, str]]:
        """The kind and the name of each parameter of the address."""
        return PLACE.findall(self.route)


def operations() -> Iterator[Operation]:
    for pattern in [*urls.urlpatterns, *oauth.urlpatterns]:
        for method, view in methods_of(pattern).items():
            yield Operation(str(pattern.pattern), method, view)


def methods_of(pattern: URLPattern) -> dict[str, Any]:
    found: dict[str, Any] = getattr(pattern.callback, "methods", {})
    return found


def description() -> Entity:
    paths: dict[str, Entity] = {}
    bodies: dict[str, Entity] = {}
    for each in operations():
        asked = asked_by(each.view)
        paths.setdefault(each.path, {})[each.method.lower()] = operation(each, asked)
        if asked and each.method in WITH_BODY:
            bodies[each.name] = form_of(asked)
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Préau: the client API",
            "version": settings.VERSION,
            "description": "The Mastodon client API as Préau answers it. Ids are strings of digits; a parameter may "
            "come as JSON, as a form or in the query, and a list as `key[]=`, `key[0]=` or `key=`.",
        },
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(bodies.items())), "responses": answers(), "securitySchemes": security()},
    }


def security() -> Entity:
    """Two ways to a token: an agent lets the application in, or it comes for itself."""
    token = {"tokenUrl": "/oauth/token", "scopes": {name: name for name in sorted(scopes.KNOWN)}}
    agent = {"authorizationCode": token | {"authorizationUrl": "/oauth/authorize"}}
    return {
        "agent": {"type": "oauth2", "flows": agent},
        "application": {"type": "oauth2", "flows": {"clientCredentials": token}},
    }


def operation(each: Operation, asked: dict[str, Asked]) -> Entity:
    body = each.method in WITH_BODY
    said: Entity = {
        "operationId": each.name,
        "security": needed(each.view),
        "parameters": [place(kind, name) for kind, name in each.places],
        "responses": {status: {"$ref": f"#/components/responses/{name}"} for status, name in RESPONSES.items()},
    }
    if text := inspect.getdoc(inspect.unwrap(each.view)):
        said["summary"] = " ".join(text.split())
    if body and asked:
        said["requestBody"] = {"content": {form: {"schema": schema_of(each)} for form in forms_for(asked)}}
    if not body:
        said["parameters"] += [in_query(name, its) for name, its in asked.items()]
    return said


def needed(view: Any) -> list[Entity]:
    if view.scope == PUBLIC:
        return [{}]
    return [{"agent": [view.scope]}, *([{"application": [view.scope]}] if view.who == APP else [])]


def place(kind: str, name: str) -> Entity:
    return {"name": name, "in": "path", "required": True, "schema": DIGITS if kind == "id" else {"type": "string"}}


def in_query(name: str, its: Asked) -> Entity:
    found = {"name": name, "in": "query", "schema": schema(its)}
    return found | ({"style": "deepObject", "explode": True} if its.kind == "form" else {})


def forms_for(asked: dict[str, Asked]) -> tuple[str, ...]:
    return FORMS[-1:] if any(its.kind == "file" for its in asked.values()) else FORMS


def schema_of(each: Operation) -> Entity:
    return {"$ref": f"#/components/schemas/{each.name}"}


def form_of(asked: dict[str, Asked]) -> Entity:
    return {"type": "object", "properties": {name: schema(its) for name, its in asked.items()}}


def schema(its: Asked) -> Entity:
    found = dict(SCHEMAS[its.kind])
    parts: Entity = {"properties": {name: {} for name in sorted(its.parts)}} if its.parts else {}
    if its.kind == "forms":
        return found | {"items": {"type": "object"} | parts}
    return found | parts | ({"enum": its.words} if its.words else {})


def answers() -> Entity:
    """Whatever is refused is told in one shape."""
    return {
        "Done": response("Done, or shown", {}),
        "Refused": response("Refused, and why", ERROR),
        "Away": response("Another house does not answer", ERROR),
    }


RESPONSES = {"2XX": "Done", "4XX": "Refused", "503": "Away"}


def response(said: str, body: Entity) -> Entity:
    return {"description": said, "content": {"application/json": {"schema": body}}}
