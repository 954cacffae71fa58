"""Where a request comes from, to count how often a door is tried."""

from django.http import HttpRequest

LOOPBACK = ("127.0.0.1", "::1", "")


def address_of(request: HttpRequest) -> str:
    """Where the request comes from; behind a proxy of this machine, what that proxy added last."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return forwarded if forwarded and address in LOOPBACK else address
