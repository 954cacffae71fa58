"""Who asks, by the token of the request: in one query, and fresh each time, so that nothing outlives its revocation."""

import hashlib

from django.db.models import Q
from django.utils.timezone import now
from oauth2_provider.models import AccessToken

# An application's own token acts for nobody; an agent's is worth as much as her account is at this moment.
ALIVE = Q(user=None) | Q(user__is_active=True, user__actor__suspended_at=None, user__actor__gone_at=None)
LONGEST = 200


def find(secret: str) -> AccessToken | None:
    """The token of this secret, with its application and agent; None when unknown, over, or of one who left."""
    if not secret or len(secret) > LONGEST:
        return None
    found: AccessToken | None = (
        AccessToken.objects.select_related("application", "user__actor__service")
        .filter(ALIVE, token_checksum=checksum(secret), expires__gt=now())
        .first()
    )
    return found


def checksum(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
