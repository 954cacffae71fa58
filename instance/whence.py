"""Where a request comes from, to count how often a door is tried."""

from django.conf import settings
from django.http import HttpRequest

from instance import proxies


def address_of(request: HttpRequest) -> str:
    """Where the request comes from; behind a proxy that is believed, what that proxy added last."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return forwarded if forwarded and proxies.is_one(address, settings.PROXIES) else address
