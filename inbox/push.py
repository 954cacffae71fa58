"""The devices that ring for a reader: each belongs to the token by which its application signed in."""

import re
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.utils.translation import gettext as _
from oauth2_provider.models import AccessToken

from actors.models import Actor
from federation import push_services
from federation.errors import Forbidden, Malformed, NotHere
from inbox import push_keys
from inbox.models import PushSubscription

ALERTS = (
    "mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update",
    "admin.sign_up", "admin.report",
)  # fmt: skip
POLICIES = ("all", "followed", "follower", "none")
POINT, SECRET = 65, 16  # bytes: of an uncompressed point of P-256, and of what is shared with the device
MOST = 20  # devices of one reader: the oldest give way
Alerts = Mapping[str, bool]


@dataclass(frozen=True)
class Device:
    """As a client describes it; `standard`: it reads RFC 8291 (aes128gcm), else the older draft (aesgcm)."""

    endpoint: str
    p256dh: str
    auth: str
    standard: bool = False


@transaction.atomic
def subscribe(reader: Actor, token: AccessToken, device: Device, alerts: Alerts, policy: str) -> PushSubscription:
    """Ring this device for `reader`, in place of the one that the token had. Forbidden for what is no device.

    One device rings once: another token that named the same address before, of the same reader, has it no more.
    """
    columns = columns_of(device) | {"reader": reader, "alerts": complete(alerts), "policy": policy_named(policy)}
    row, _new = PushSubscription.objects.update_or_create(token=token, defaults=columns)
    others = PushSubscription.objects.filter(reader=reader).exclude(pk=row.pk)
    others.filter(endpoint=row.endpoint).delete()
    kept = list(others.order_by("-pk").values_list("pk", flat=True)[: MOST - 1])
    others.exclude(pk__in=kept).delete()
    return row


def read(token: AccessToken) -> PushSubscription:
    """NotHere when the token has no device."""
    found = PushSubscription.objects.filter(token=token).first()
    if found is None:
        raise NotHere("no device")
    return found


def change(token: AccessToken, alerts: Alerts | None = None, policy: str | None = None) -> PushSubscription:
    """Of what, and of whom, it rings; what is None stays."""
    row = read(token)
    row.alerts = row.alerts if alerts is None else complete(alerts)
    row.policy = row.policy if policy is None else policy_named(policy)
    row.save(update_fields=["alerts", "policy"])
    return row


def unsubscribe(token: AccessToken) -> None:
    PushSubscription.objects.filter(token=token).delete()


def columns_of(device: Device) -> dict[str, object]:
    try:
        endpoint = push_services.checked(device.endpoint)
    except Malformed as error:
        raise Forbidden(_("Ce n’est pas l’adresse d’un service de notification.")) from error
    if len(endpoint) > push_services.LONGEST:
        raise Forbidden(_("Ce n’est pas l’adresse d’un service de notification."))
    return {
        "endpoint": endpoint,
        "p256dh": push_keys.as_text(point_of(device.p256dh)),
        "auth": push_keys.as_text(secret_of(device.auth)),
        "standard": device.standard,
    }


def point_of(said: str) -> bytes:
    """The device's public key, once it is known to lie on the curve: sealing for another point would leak."""
    raw = decoded(said)
    try:
        if len(raw) != POINT:
            raise ValueError("not an uncompressed point")
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except ValueError as error:
        raise Forbidden(_("La clé de cet appareil (p256dh) n’est pas un point de la courbe P-256.")) from error
    return raw


def secret_of(said: str) -> bytes:
    raw = decoded(said)
    if len(raw) != SECRET:
        raise Forbidden(_("Le secret de cet appareil (auth) doit compter seize octets."))
    return raw


def decoded(said: str) -> bytes:
    """base64url, or base64 as some clients write it, with or without its padding; nothing for what is neither."""
    text = said.strip().replace("+", "-").replace("/", "_").rstrip("=")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,200}", text):
        return b""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (NotBase64, ValueError):
        return b""


def complete(alerts: Alerts) -> dict[str, bool]:
    """What is not asked for does not ring; what nobody knows is forgotten."""
    return {name: alerts.get(name) is True for name in ALERTS}


def policy_named(policy: str) -> str:
    if policy not in POLICIES:
        raise Forbidden(_("Cette règle de notification n’existe pas."))
    return policy
