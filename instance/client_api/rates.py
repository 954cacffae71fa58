"""How many calls a token may make: 300 within five minutes, as clients know it, counted in each process's memory."""

from datetime import UTC, datetime, timedelta

from federation import allowances
from instance.client_api.call import Call

LIMIT, SECONDS = 300, 300
WORK = "api"


def spend(call: Call) -> bool:
    return call.token is None or allowances.spend(WORK, str(call.token.pk), LIMIT, LIMIT / SECONDS)


def headers(call: Call) -> dict[str, str]:
    """All three, or none."""
    if call.token is None:
        return {}
    bucket = allowances.filled(WORK, str(call.token.pk), LIMIT, LIMIT / SECONDS)
    full = datetime.now(UTC) + timedelta(seconds=(LIMIT - bucket.left) * SECONDS / LIMIT)
    return {
        "X-RateLimit-Limit": str(LIMIT),
        "X-RateLimit-Remaining": str(max(0, int(bucket.left))),
        "X-RateLimit-Reset": full.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    }
