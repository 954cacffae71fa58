"""Keys: made, sealed, opened once; a stranger's taken only when it proves something."""

import base64

import pytest
from cryptography.hazmat.primitives import serialization as ser
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from django.core.exceptions import ImproperlyConfigured

from federation import keys
from federation.errors import BadSignature
from federation.models import Key
from tests.federation.conftest import OWNER, private_pem, public_pem


@pytest.mark.django_db
def test_a_new_key_is_saved_with_its_private_half_sealed():
    key = keys.generate(OWNER)
    kept = Key.objects.get()
    assert (kept.pk, kept.uri, kept.owner_uri) == (key.pk, f"{OWNER}#main-key", OWNER)
    assert kept.public_pem.startswith("-----BEGIN PUBLIC KEY-----")
    assert "PRIVATE" not in kept.sealed_private
    private, public = keys.private(kept), keys.public(kept.public_pem)
    assert private.key_size == 2048
    assert private.public_key().public_numbers() == public.public_numbers()


def test_a_key_is_loaded_once(key):
    assert keys.private(key) is keys.private(Key(sealed_private=key.sealed_private))
    assert keys.public(key.public_pem) is keys.public(key.public_pem)


@pytest.mark.row(103)
def test_what_is_sealed_opens_with_the_same_secret_only(settings):
    sealed = keys.seal(b"between us")
    assert "between us" not in sealed
    assert keys.unseal(sealed) == b"between us"
    settings.KEYS_SECRET = base64.urlsafe_b64encode(bytes(32)).decode()
    with pytest.raises(ImproperlyConfigured, match="PREAU_KEYS_SECRET"):
        keys.unseal(sealed)


def test_a_wrong_secret_is_noticed_even_when_the_key_was_open(key, settings):
    keys.private(key)
    settings.KEYS_SECRET = base64.urlsafe_b64encode(bytes(32)).decode()
    with pytest.raises(ImproperlyConfigured, match="set up with"):
        keys.private(key)


def test_a_tampered_seal_does_not_open(key):
    with pytest.raises(ImproperlyConfigured):
        keys.private(Key(sealed_private=key.sealed_private[:-8] + "AAAAAAA="))


def test_our_own_keys_are_rsa():
    sealed = keys.seal(private_pem(ed25519.Ed25519PrivateKey.generate()))
    with pytest.raises(TypeError):
        keys.private(Key(sealed_private=sealed))


@pytest.mark.parametrize("exponent", [3, 65537])
def test_usual_rsa_keys_are_taken(exponent):
    pem = written(rsa.RSAPublicNumbers(exponent, (1 << 4096) - 1).public_key())
    assert keys.public(pem).key_size == 4096


def test_ed25519_keys_are_taken():
    assert isinstance(keys.public(public_pem(ed25519.Ed25519PrivateKey.generate())), ed25519.Ed25519PublicKey)


def written(public) -> str:
    return public.public_bytes(ser.Encoding.PEM, ser.PublicFormat.SubjectPublicKeyInfo).decode()


BAD = {
    "of another curve": lambda: written(ec.generate_private_key(ec.SECP256R1()).public_key()),
    "short": lambda: written(rsa.RSAPublicNumbers(65537, (1 << 1024) - 1).public_key()),
    "long": lambda: written(rsa.RSAPublicNumbers(65537, (1 << 4104) - 1).public_key()),
    "exponent 5": lambda: written(rsa.RSAPublicNumbers(5, (1 << 2048) - 1).public_key()),
    "private": lambda: private_pem(ed25519.Ed25519PrivateKey.generate()).decode(),
    "empty": lambda: "",
    "cut": lambda: public_pem(ed25519.Ed25519PrivateKey.generate())[:-40],
    "not ASCII": lambda: "-----BEGIN PUBLIC KEY-----\nécole\n-----END PUBLIC KEY-----",
    "not text": lambda: "\ud800",
    "huge": lambda: "A" * 50_000_000,
}


@pytest.mark.parametrize("pem", BAD.values(), ids=BAD)
def test_other_keys_prove_nothing(pem):
    with pytest.raises(BadSignature):
        keys.public(pem())
