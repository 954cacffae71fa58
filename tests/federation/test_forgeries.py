"""Signatures that were made up: wrong algorithms, monstrous keys, riddles for parsers, two families at once."""

import hmac
import time
from base64 import b64encode
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from django.test import RequestFactory

from federation import message_signatures, signatures
from federation.errors import BadSignature
from federation.verification import Knock, claim_of
from tests.federation.conftest import public_pem
from tests.federation.knocking import BODY, INBOX, OURS, POST_COVERS, URL, date, knock, refused, taken, with_headers

pytestmark = pytest.mark.usefixtures("house")


@pytest.mark.parametrize("name", ["hmac-sha256", "none", "rsa-sha1", "ecdsa-sha256", "RSA", ""])
def test_row_10_the_algorithm_is_not_the_senders_choice(pair, name):
    refused(knock(pair, parameters={"algorithm": f'"{name}"'}), public_pem(pair), "proves nothing")


@pytest.mark.parametrize("name", ["hmac-sha256", "hs2019", "rsa-sha256"])
def test_row_10_a_mac_made_with_the_public_key_proves_nothing(pair, name):
    honest = knock(pair, parameters={"algorithm": f'"{name}"'})
    lines = {**honest.headers, "(request-target)": f"post {INBOX}"}
    text = "\n".join(f"{each}: {lines[each]}" for each in POST_COVERS)
    mac = b64encode(hmac.digest(public_pem(pair).encode(), text.encode(), "sha256")).decode()
    forged = honest.headers["signature"].partition(",signature=")[0] + f',signature="{mac}"'
    refused(with_headers(honest, signature=forged), public_pem(pair))


def test_row_10_an_rsa_name_does_not_fit_an_ed25519_key_nor_the_reverse(pair):
    young = ed25519.Ed25519PrivateKey.generate()
    refused(knock(young), public_pem(young), "does not match")
    refused(knock(pair, parameters={"algorithm": '"ed25519"'}), public_pem(pair), "does not match")
    refused(knock(pair, parameters={"algorithm": '"rsa-sha512"'}), public_pem(pair), "does not match")


def monstrous_pem(bits: int, exponent: int) -> str:
    """A key of a size that libraries do not make: a number with its exponent is enough."""
    return public_pem(_Written(rsa.RSAPublicNumbers(exponent, (1 << bits) - 1).public_key()))


class _Written:
    def __init__(self, public):
        self.public_key = lambda: public


@pytest.mark.parametrize("bits", [512, 1024, 2047, 4097, 16384])
def test_row_11_keys_too_weak_or_too_heavy_are_refused(pair, bits):
    refused(knock(pair), monstrous_pem(bits, 65537), "2048 to 4096|too large|cannot|can read")


def test_row_11_a_monstrous_key_is_refused_at_once(pair):
    pem = monstrous_pem(15_000, (1 << 256) + 1)
    started = time.process_time()
    refused(knock(pair), pem + "A" * 10_000_000, "too large")
    refused(knock(pair), monstrous_pem(2048, (1 << 256) + 1), "usual exponent")
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda header: f'keyId="https://martel.example/ap/actors/01MALO",{header}',
        lambda header: f'{header},keyId="https://martel.example/ap/actors/01MALO"',
        lambda header: f'KEYID="https://martel.example/ap/actors/01MALO",{header}',
        lambda header: f"{header},{header}",
        lambda header: f"{header},",
        lambda header: f",{header}",
        lambda header: header.replace('keyId="', "keyId='"),
        lambda header: header.replace('keyId="', 'keyId="\\"'),
        lambda header: header.replace('keyId="', 'keyId="\0'),
        lambda header: header.replace("#main-key", "#main\nkey"),
        lambda header: header.replace("#main-key", "#main,key"),
        lambda header: header.replace("#main-key", "#main key"),
        lambda header: header.replace("#main-key", "#mainé"),
        lambda header: header.replace("#main-key", "#" + "k" * 500),
        lambda header: header.replace("https://martel", "ftp://martel"),
        lambda header: header.replace("https://martel", "martel"),
        lambda header: header.replace("keyId=", "id="),
        lambda header: header.replace('headers="', 'headers="host '),
        lambda header: header.replace('headers="(request-target) ', 'headers="(request-target)  '),
        lambda header: header.replace("host date", "Host date"),
        lambda header: header.replace('signature="', 'signature="*'),
        lambda header: header.partition(",signature=")[0],
        lambda header: header.replace(",", ";"),
        lambda header: "Signature " + header,
        lambda header: '"',
    ],
)
def test_row_12_what_two_parsers_could_read_apart_is_refused(pair, spoil):
    knocked = knock(pair)
    refused(with_headers(knocked, signature=spoil(knocked.headers["signature"])), public_pem(pair))


def test_row_12_a_header_is_covered_once(pair):
    refused(knock(pair, covers=(*POST_COVERS, "host")), public_pem(pair), "covered twice")


def test_row_12_a_header_cannot_smuggle_a_line_into_what_is_signed(pair):
    covers = ("(request-target)", "host", "x-note", "digest")
    refused(knock(pair, covers=covers, headers={"x-note": f"a\ndate: {date()}"}), public_pem(pair), "absent: x-note")


def test_row_12_a_header_that_is_not_bytes_is_refused(pair):
    knocked = knock(pair, covers=(*POST_COVERS, "x-note"), headers={"x-note": "→"})
    refused(knocked, public_pem(pair), "cannot be read")


def test_row_22_of_two_families_the_standard_one_decides(pair, key, another_key, another_pair):
    """Each signature is valid; only the signer of the RFC 9421 one has spoken."""
    old = signatures.sign("POST", URL, BODY, another_key)
    new = message_signatures.sign("POST", URL, BODY, key)
    both = Knock("POST", INBOX, {**old, **new, "authorization": f"Signature {old['signature']}"}, BODY, OURS)
    assert claim_of(both).key_uri == key.uri
    taken(both, key.public_pem)
    refused(both, another_key.public_pem)


def test_row_22_an_old_signature_does_not_help_a_bad_new_one(key, another_key):
    old = signatures.sign("POST", URL, BODY, another_key)
    new = message_signatures.sign("POST", URL, BODY, key)
    mixed = {**new, **old, "signature-input": new["signature-input"]}
    with pytest.raises(BadSignature):
        taken(Knock("POST", INBOX, mixed, BODY, OURS), another_key.public_pem)


# --- From Django's request ---


def test_a_request_is_read_as_it_was_sent(pair, house):
    knocked = knock(pair, target=f"{INBOX}?page=%C3%A9&min=1")
    names = {f"HTTP_{name.upper()}": value for name, value in knocked.headers.items()}
    request = RequestFactory().post(knocked.target, BODY, content_type="application/activity+json", **names)
    received = Knock.from_request(request, BODY)
    assert received.target == knocked.target
    assert received.headers["content-type"] == "application/activity+json"
    taken(received, public_pem(pair))


def test_the_body_that_counts_is_the_one_that_is_handed_over(pair):
    refused(replace(knock(pair), body=b""), public_pem(pair))
