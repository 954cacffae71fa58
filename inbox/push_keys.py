"""The key pair by which push services know this house (RFC 8292): derived from its secret, so no other is kept."""

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

INFO = b"preau web push VAPID P-256 1"  # what another key derived from the same secret must not say
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
WIDE = 48  # bytes: 128 bits more than the order, so that all keys are as likely (FIPS 186-5, A.2.1)


def public_key() -> str:
    """What clients call `vapid_key`, `server_key` or `vapid.public_key`: the uncompressed point, in base64url."""
    point = private_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return as_text(point)


def private_key() -> ec.EllipticCurvePrivateKey:
    return _derived(settings.KEYS_SECRET)


@lru_cache(maxsize=4)
def _derived(secret: str | bytes) -> ec.EllipticCurvePrivateKey:
    known = secret.encode() if isinstance(secret, str) else secret
    wide = HKDF(algorithm=SHA256(), length=WIDE, salt=None, info=INFO).derive(known)
    return ec.derive_private_key(int.from_bytes(wide, "big") % (ORDER - 1) + 1, ec.SECP256R1())


def as_text(raw: bytes) -> str:
    """base64url without padding, as all of Web Push is written."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
