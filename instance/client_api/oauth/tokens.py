"""Who asks, by the token of the request: in one query, and fresh each time, so that nothing outlives its revocation."""

import hashlib

from django.db.models import QuerySet
from oauth2_provider.models import AccessToken

from federation.composed import Composed

LONGEST = 200


def of_checksum(_shape: None, checksum: str) -> QuerySet[AccessToken]:
    rows: QuerySet[AccessToken] = AccessToken.objects.filter(token_checksum=checksum)
    return rows.select_related("application", "user__actor__service").defer("token")


KNOWN = Composed(of_checksum, keep=1000)


def find(secret: str) -> AccessToken | None:
    """The token of this secret, with its application and agent; None when unknown, over, or of one who left."""
    if not secret or len(secret) > LONGEST:
        return None
    found = KNOWN(checksum=hashlib.sha256(secret.encode(errors="replace")).hexdigest())
    return found[0] if found and alive(found[0]) else None


def alive(token: AccessToken) -> bool:
    """An application's own token acts for nobody; an agent's is worth as much as her account is at this moment."""
    if token.is_expired():
        return False
    return token.user is None or (token.user.is_active and token.user.actor.active)
