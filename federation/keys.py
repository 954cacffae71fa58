"""The keys that prove who speaks: made for our actors, sealed at rest, loaded once."""

from datetime import timedelta
from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from federation.errors import BadSignature
from federation.models import Key

OURS = 2048  # bits of a new key
BITS = range(2048, 4096 + 1)
EXPONENTS = (3, 65537)
HONOURED = timedelta(days=2)  # longer than a letter is on its way between two tries that were signed
LONGEST_PEM = 2_000  # a 4096-bit key takes 800 characters; a monstrous one is refused before it is parsed

PublicKey = rsa.RSAPublicKey | Ed25519PublicKey


def generate(owner_uri: str) -> Key:
    """A new RSA-2048 pair of one of ours, saved as `{owner_uri}#main-key`, and later ones as `#key-2` and so on."""
    pair = rsa.generate_private_key(public_exponent=65537, key_size=OURS)
    secret = pair.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public_pem = pair.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    name = f"key-{made + 1}" if (made := Key.objects.filter(owner_uri=owner_uri).count()) else "main-key"
    return Key.objects.create(
        uri=f"{owner_uri}#{name}", owner_uri=owner_uri, public_pem=public_pem.decode(), sealed_private=seal(secret)
    )


@transaction.atomic
def rotate(owner_uri: str) -> Key:
    """A new pair for one of ours. The former key signs nothing any more: its private half is destroyed now.

    Its public half stays published for a while, so that what is on its way is believed.
    """
    Key.objects.filter(owner_uri=owner_uri, retired_at=None).update(retired_at=now() + HONOURED, sealed_private="")
    return generate(owner_uri)


def of(owner_uri: str) -> Key | None:
    """The key that one of ours signs with."""
    return Key.objects.filter(owner_uri=owner_uri, retired_at=None).exclude(sealed_private="").order_by("-pk").first()


def published(owner_uri: str) -> list[Key]:
    """The key that one of ours signs with, then those that she lately signed with."""
    honoured = Q(retired_at=None) | Q(retired_at__gt=now())
    return list(Key.objects.filter(honoured, owner_uri=owner_uri).order_by("-pk"))


def seal(secret: bytes) -> str:
    return Fernet(settings.KEYS_SECRET).encrypt(secret).decode()


def unseal(sealed: str) -> bytes:
    try:
        return Fernet(settings.KEYS_SECRET).decrypt(sealed)
    except InvalidToken as error:
        raise ImproperlyConfigured(
            "PREAU_KEYS_SECRET does not open the private keys in the database:"
            " give back the value that this instance was set up with."
        ) from error


def private(key: Key) -> rsa.RSAPrivateKey:
    return _opened(key.sealed_private, settings.KEYS_SECRET)


@lru_cache(maxsize=4096)
def _opened(sealed: str, _secret: str) -> rsa.RSAPrivateKey:
    """Kept in memory: loading a PEM costs a hundred times a signature. The seal vouches for it, so no validation."""
    key = serialization.load_pem_private_key(unseal(sealed), None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("our keys are RSA keys")
    return key


@lru_cache(maxsize=4096)
def public(pem: str) -> PublicKey:
    """A stranger's key, if it is of a kind and size that proves something at a reasonable cost; else BadSignature."""
    if len(pem) > LONGEST_PEM:
        raise BadSignature("the key is too large")
    try:
        key = serialization.load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadSignature("not a key that we can read") from error
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size not in BITS or key.public_numbers().e not in EXPONENTS:
            raise BadSignature("RSA keys have 2048 to 4096 bits and a usual exponent")
    elif not isinstance(key, Ed25519PublicKey):
        raise BadSignature("only RSA and Ed25519 keys prove something here")
    return key
