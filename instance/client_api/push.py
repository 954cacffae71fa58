"""The device that rings for an application: one for each token."""

from typing import Any

from inbox import push, push_keys
from inbox.models import PushSubscription
from inbox.push import ALERTS, Device
from instance.client_api.call import YES
from instance.client_api.door import Call, door
from instance.client_api.parameters import Given
from instance.client_api.routing import at


def entity(row: PushSubscription) -> dict[str, Any]:
    """WebPushSubscription; `server_key` is the `vapid_key` that clients know already."""
    return {
        "id": str(row.pk),
        "endpoint": row.endpoint,
        "standard": row.standard,
        "alerts": {name: row.alerts.get(name) is True for name in ALERTS},
        "policy": row.policy,
        "server_key": push_keys.public_key(),
    }


@door("push")
def show(call: Call) -> Any:
    return entity(push.read(call.token))


@door("push")
def subscribe(call: Call) -> Any:
    said = call.form("subscription")
    keys = form(said, "keys")
    device = Device(text(said, "endpoint"), text(keys, "p256dh"), text(keys, "auth"), truth(said.get("standard")))
    return entity(push.subscribe(call.me, call.token, device, alerts(call) or {}, policy(call) or "all"))


@door("push")
def change(call: Call) -> Any:
    return entity(push.change(call.token, alerts(call), policy(call)))


@door("push")
def unsubscribe(call: Call) -> Any:
    push.unsubscribe(call.token)
    return {}


def alerts(call: Call) -> dict[str, bool] | None:
    """`data[alerts][mention]` and the others; None when none of them is said."""
    said = form(call.form("data"), "alerts")
    return {name: truth(value) for name, value in said.items()} if said else None


def policy(call: Call) -> str | None:
    """`data[policy]`, or `policy` as some clients send it."""
    return text(call.form("data"), "policy") or call.text("policy", 20) or None


def form(given: Given, name: str) -> Given:
    value = given.get(name)
    return value if isinstance(value, dict) else {}


def text(given: Given, name: str) -> str:
    value = given.get(name)
    return value if isinstance(value, str) else ""


def truth(said: object) -> bool:
    return said is True or str(said).lower() in YES


ROUTES = [at("v1/push/subscription", GET=show, POST=subscribe, PUT=change, DELETE=unsubscribe)]
