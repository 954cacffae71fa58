"""Web clients live on other origins: they are let in, and never with a cookie."""

from django.http import HttpRequest, HttpResponse

ALLOWED = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id",
}
METHODS = "GET, POST, PUT, PATCH, DELETE"


def allow(answer: HttpResponse) -> HttpResponse:
    for name, value in ALLOWED.items():
        answer.headers[name] = value
    return answer


def preflight(request: HttpRequest) -> HttpResponse:
    """Any header may be sent: which ones clients need is theirs to know (idempotency-key, and what comes next)."""
    answer = allow(HttpResponse(status=204))
    answer.headers["Access-Control-Allow-Methods"] = METHODS
    asked = request.headers.get("Access-Control-Request-Headers", "")
    answer.headers["Access-Control-Allow-Headers"] = asked if asked.isprintable() and asked else "*"
    answer.headers["Access-Control-Max-Age"] = "7200"
    return answer
