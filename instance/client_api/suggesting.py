"""Finding whom to follow: colleagues near by, and the directory; never by what anybody does."""

from typing import Any

from django.conf import settings

from actors import directory, following, suggestions
from instance.client_api.door import Call, door
from instance.client_api.entities import accounts
from instance.client_api.routing import at

REACH = 10_000  # how far one may leaf


@door("read:accounts")
def near(call: Call) -> Any:
    return accounts.accounts(suggestions.colleagues(call.me)[: call.window(40, 80).limit], call.me)


@door("read:accounts")
def near_with_reason(call: Call) -> Any:
    """The reason that clients know and that comes nearest: the organisation names its own."""
    found = suggestions.colleagues(call.me)[: call.window(40, 80).limit]
    return [{"source": "staff", "sources": ["featured"], "account": accounts.account(each, call.me)} for each in found]


@door("read:accounts")
def listed(call: Call) -> Any:
    """Those who agreed to be found, by name or, with `order=new`, the last to come; who is active is not told."""
    limit, offset = call.window(40, 80).limit, min(max(0, call.integer("offset", 0) or 0), REACH)
    hosts = [settings.HOST] if call.flag("local") else None
    rows = directory.search("", hosts).exclude(pk__in=following.kept_apart(call.me))
    rows = rows.order_by("-pk") if call.text("order", 20) == "new" else rows
    return accounts.accounts(rows[offset : offset + limit], call.me)


ROUTES = [
    at("v1/suggestions", GET=near),
    at("v2/suggestions", GET=near_with_reason),
    at("v1/directory", GET=listed),
]
