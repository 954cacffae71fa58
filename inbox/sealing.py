"""A message that only one device can open, signed by our house: the body and headers that a push service takes."""

import secrets
from time import time

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import jwt

from federation import push_services
from federation.push_services import Ring
from inbox import push, push_keys
from inbox.models import PushSubscription

BELIEVED = 12 * 3600  # seconds for which a push service may believe what we signed (24 hours at most)


def seal(device: PushSubscription, words: bytes, topic: str, ttl: int) -> Ring:
    """`topic` replaces what has not reached the device yet; `ttl`: seconds for which the service may try (RFC 8030)."""
    pair = ec.generate_private_key(ec.SECP256R1())
    secret = {"private_key": pair, "dh": push.decoded(device.p256dh), "auth_secret": push.decoded(device.auth)}
    body, headers = (new if device.standard else old)(words, secret, pair, signed(device.endpoint))
    usual = {"ttl": str(ttl), "urgency": "normal", "topic": topic, "content-type": "application/octet-stream"}
    return Ring(device.endpoint, body, {**usual, **headers})


def new(words: bytes, secret: dict[str, object], _pair: object, token: str) -> tuple[bytes, dict[str, str]]:
    """RFC 8291 and RFC 8292."""
    body = http_ece.encrypt(words, version="aes128gcm", **secret)
    said = f"vapid t={token}, k={push_keys.public_key()}"
    return body, {"content-encoding": "aes128gcm", "authorization": said}


def old(
    words: bytes, secret: dict[str, object], pair: ec.EllipticCurvePrivateKey, token: str
) -> tuple[bytes, dict[str, str]]:
    """draft-ietf-webpush-encryption-04 and draft-ietf-webpush-vapid-01, which clients of Mastodon's still read."""
    salt = secrets.token_bytes(16)
    body = http_ece.encrypt(words, salt=salt, version="aesgcm", **secret)
    point = push_keys.as_text(pair.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    return body, {
        "content-encoding": "aesgcm",
        "encryption": f"salt={push_keys.as_text(salt)}",
        "crypto-key": f"dh={point};p256ecdsa={push_keys.public_key()}",
        "authorization": f"WebPush {token}",
    }


def signed(endpoint: str) -> str:
    """Who rings, for this service and for some hours (a JWT)."""
    claims = {"aud": push_services.audience(endpoint), "exp": int(time()) + BELIEVED, "sub": settings.ORIGIN}
    return str(jwt.sign(claims, push_keys.private_key()))
