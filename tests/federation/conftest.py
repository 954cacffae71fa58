"""Our house (beauval.example) under the settings of production, a neighbour's key, and neighbours on loopback."""

import shutil

import pytest
from cryptography.hazmat.primitives import serialization as ser
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from federation import hallway, hints, http, keys
from federation.models import Key, Peer
from tests import servers
from tests.federation.hostile import Hostile

Private = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
OWNER = "https://martel.example/ap/actors/01LUCIE"


@pytest.fixture
def with_redis(settings):
    """A real one, of its own."""
    if not shutil.which("redis-server"):
        pytest.skip("needs redis-server (make test installs it)")
    with servers.redis_server() as url:
        settings.REDIS_URL = url
        yield
        hints._redis.cache_clear()


@pytest.fixture
def house(settings):
    """The strict rules: https, public addresses only, our own name."""
    settings.DEVELOPMENT = settings.ALLOW_PRIVATE = False
    settings.HOST, settings.ORIGIN = "beauval.example", "https://beauval.example"
    return settings


def public_pem(private: Private) -> str:
    spki = ser.PublicFormat.SubjectPublicKeyInfo
    return private.public_key().public_bytes(ser.Encoding.PEM, spki).decode()


def private_pem(private: Private) -> bytes:
    return private.private_bytes(ser.Encoding.PEM, ser.PrivateFormat.PKCS8, ser.NoEncryption())


@pytest.fixture(scope="session")
def pair() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="session")
def another_pair() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def key(pair: rsa.RSAPrivateKey) -> Key:
    """Lucie's, with its private half, outside any database."""
    return Key(
        uri=f"{OWNER}#main-key",
        owner_uri=OWNER,
        public_pem=public_pem(pair),
        sealed_private=keys.seal(private_pem(pair)),
    )


@pytest.fixture
def another_key(another_pair: rsa.RSAPrivateKey) -> Key:
    """A colleague's, of the same house."""
    owner = f"{OWNER[:-5]}MALO"
    sealed = keys.seal(private_pem(another_pair))
    return Key(uri=f"{owner}#main-key", owner_uri=owner, public_pem=public_pem(another_pair), sealed_private=sealed)


@pytest.fixture
def martel(db):
    """A house on loopback, on our list."""
    neighbour = Hostile()
    Peer.objects.create(host=neighbour.host, state="active")
    yield neighbour
    neighbour.stop()


@pytest.fixture
def vernay(db):
    """Another one."""
    neighbour = Hostile()
    Peer.objects.create(host=neighbour.host, state="active")
    yield neighbour
    neighbour.stop()


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(http, "DEADLINE", 1.0)


@pytest.fixture
def drains(monkeypatch):
    """Only those that a test registers."""
    monkeypatch.setattr(hallway, "DRAINS", {})
    monkeypatch.setattr(hallway, "_bells", {})
    monkeypatch.setattr(hallway, "_manners", {})
    return hallway.DRAINS
