"""Whose token opens a line, and for how long."""

from typing import Any

from django.utils.timezone import now
from oauth2_provider.models import AccessToken

from inbox.models import List
from instance.client_api.oauth.tokens import find


def admit(secret: str) -> dict[str, Any] | None:
    """An agent's own; an application that speaks for itself hears nothing."""
    token = find(secret)
    if token is None or token.user is None:
        return None
    return {"token": token.pk, "reader": token.user.actor_id, "scopes": token.scope.split()}


def alive(tokens: list[int]) -> list[int]:
    """Those of these that still open the house, as `oauth.tokens.alive` says of each. One question, however many."""
    hers = {"user__is_active": True, "user__actor__suspended_at": None, "user__actor__gone_at": None}
    rows = AccessToken.objects.filter(pk__among=tokens, expires__gt=now(), **hers)
    return list(rows.values_list("pk", flat=True))


def owns(reader: int, key: int) -> bool:
    return List.objects.filter(pk=key, owner=reader).exists()
