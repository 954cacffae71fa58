"""RFC 9421 at the door: what must be covered, whatever the library would accept."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from federation.verification import claim_of
from tests.federation.conftest import public_pem
from tests.federation.knocking import BODY, INBOX, epoch, refused, taken
from tests.federation.message_knocking import POST_COVERS, content_digest, knock

pytestmark = pytest.mark.usefixtures("house")
HOUR = timedelta(hours=1)


HONEST = {
    "as we sign": {},
    "with the algorithm": {"said": {"alg": '"rsa-v1_5-sha256"'}},
    "with more covered": {"covers": (*POST_COVERS, "host", "@authority", "@path")},
    "not expired, with nonce and tag": {"said": {"expires": str(epoch(HOUR)), "nonce": '"n"', "tag": '"t"'}},
    "another digest beside": {
        "headers": {"content-digest": f"{content_digest(BODY, 'sha-512')}, {content_digest(BODY)}"}
    },
    "query": {"target": f"{INBOX}?page=1"},
    "reader": {"method": "GET", "covers": ("@method", "@target-uri")},
    "reader by parts": {"method": "GET", "covers": ("@method", "@path", "@authority")},
    "reader by parts, query": {
        "method": "GET", "covers": ("@method", "@path", "@query", "@authority"), "target": f"{INBOX}?page=1"
    },
    "half an hour ago": {"said": {"created": str(epoch(-timedelta(minutes=30)))}},
    "half an hour ahead": {"said": {"created": str(epoch(timedelta(minutes=30)))}},
}  # fmt: skip


@pytest.mark.parametrize("variant", HONEST.values(), ids=HONEST)
def test_an_honest_knock_is_believed(pair, variant):
    assert claim_of(knock(pair, **variant)).key_uri == "https://martel.example/k#main-key"
    taken(knock(pair, **variant), public_pem(pair))


def test_an_ed25519_key_proves_too():
    pair = ed25519.Ed25519PrivateKey.generate()
    taken(knock(pair, said={"alg": '"ed25519"'}), public_pem(pair))
    taken(knock(pair), public_pem(pair))


@pytest.mark.parametrize("missing", POST_COVERS)
def test_row_21_a_letter_covers_method_address_and_body(pair, missing):
    covers = tuple(name for name in POST_COVERS if name != missing)
    refused(knock(pair, covers), public_pem(pair), f"not covered: {missing}")


def test_row_21_parts_of_the_address_do_not_do_for_a_letter(pair):
    refused(knock(pair, ("@method", "@path", "@authority", "content-digest")), public_pem(pair), "target-uri")


@pytest.mark.parametrize(
    ("covers", "target"),
    [
        (("@target-uri",), INBOX),
        (("@method", "@path"), INBOX),
        (("@method", "@authority"), INBOX),
        (("@method", "@path", "@authority"), f"{INBOX}?page=1"),
        (("host",), INBOX),
        ((), INBOX),
    ],
)
def test_row_21_a_reader_covers_method_and_address(pair, covers, target):
    refused(knock(pair, covers, method="GET", target=target), public_pem(pair), "not covered")


@pytest.mark.parametrize("parameter", ["sf", "bs", 'key="sha-256"', "req", "tr"])
def test_row_21_a_component_with_parameters_is_not_the_component(pair, parameter):
    refused(knock(pair, ("@method", "@target-uri", f'"content-digest";{parameter}')), public_pem(pair), "not covered")


@pytest.mark.parametrize(
    "created",
    ["", str(epoch(-2 * HOUR)), str(epoch(2 * HOUR)), '"noon"', "1.5", "?1"],
    ids=["nothing", "ago", "ahead", "a word", "a fraction", "yes"],
)
def test_row_21_a_signature_says_when_it_was_made_within_the_hour(pair, created):
    refused(knock(pair, said={"created": created}), public_pem(pair), "no created|too long ago")


@pytest.mark.parametrize("expires", [str(epoch(-timedelta(seconds=2))), '"noon"'], ids=["ago", "a word"])
def test_row_21_what_has_expired_is_refused(pair, expires):
    refused(knock(pair, said={"expires": expires}), public_pem(pair), "expire")


@pytest.mark.parametrize("name", ["hmac-sha256", "rsa-pss-sha512", "ecdsa-p256-sha256", "none", ""])
def test_row_21_the_algorithm_is_not_the_senders_choice(pair, name):
    refused(knock(pair, said={"alg": f'"{name}"'}), public_pem(pair), "proves nothing")


def test_row_21_the_algorithm_said_is_that_of_the_key(pair):
    young = ed25519.Ed25519PrivateKey.generate()
    refused(knock(pair, said={"alg": '"ed25519"'}), public_pem(pair), "does not match")
    refused(knock(young, said={"alg": '"rsa-v1_5-sha256"'}), public_pem(young), "does not match")
    refused(knock(pair), public_pem(young), "does not match")


def test_row_21_what_was_signed_for_another_house_is_not_replayed_here(pair):
    refused(knock(pair, values={"@target-uri": f"https://other.example{INBOX}"}), public_pem(pair), "does not match")
    refused(knock(pair, headers={"host": "other.example"}), public_pem(pair), "another host")
    refused(replace(knock(pair), target="/ap/inbox"), public_pem(pair), "does not match")


@pytest.mark.parametrize(
    "header",
    [
        content_digest(b"something else"), content_digest(BODY, "sha-512"), "sha-256=abc", "sha-256=:*:", "sha-256", "",
        f"{content_digest(b'something else')}, {content_digest(BODY)}", "sha-256=:é:", "sha-256=(:AAAA:)",
    ],
)  # fmt: skip
def test_row_21_the_digest_is_that_of_the_body(pair, header):
    refused(knock(pair, headers={"content-digest": header}), public_pem(pair))


def test_row_21_a_covered_digest_must_be_there(pair):
    knocked = knock(pair)
    headers = {name: value for name, value in knocked.headers.items() if name != "content-digest"}
    refused(replace(knocked, headers=headers), public_pem(pair), "not the one that was signed")


def test_row_21_a_reader_who_covers_a_digest_is_held_to_it(pair):
    headers = {"content-digest": content_digest(b"something")}
    refused(knock(pair, ("@method", "@target-uri", "content-digest"), method="GET", headers=headers), public_pem(pair))


def test_a_colleagues_key_does_not_prove(pair, another_pair):
    refused(knock(pair), public_pem(another_pair), "does not match")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda header: f"{header}, sig2={header.partition('=')[2]}",
        lambda header: f"{header}, {header}",
        lambda header: f'{header};keyid="https://martel.example/other"',
        lambda header: header.replace("https://martel", "martel"),
        lambda header: header.replace('keyid="https://martel.example/k#main-key"', "keyid=1"),
        lambda header: header.replace(';keyid="https://martel.example/k#main-key"', ""),
        lambda header: header.replace('"@method"', '"@method" "@method"'),
        lambda header: header.replace('"@method"', "@method"),
        lambda header: header + ";more=1",
        lambda header: header.replace("sig1=", "sig2="),
        lambda header: "sig1",
        lambda header: "sig1=1",
        lambda header: "sig1=(1 2);created=1",
        lambda header: header + "\0",
        lambda header: header + "é",
        lambda header: "",
    ],
)
def test_what_two_parsers_could_read_apart_is_refused(pair, spoil):
    knocked = knock(pair)
    headers = {**knocked.headers, "signature-input": spoil(knocked.headers["signature-input"])}
    refused(replace(knocked, headers=headers), public_pem(pair))


@pytest.mark.parametrize("header", [None, "", "sig1=1", "sig1=::", "other=:AAAA:", 'keyId="x"', "sig1=:é:"])
def test_an_input_without_its_signature_proves_nothing(pair, header):
    knocked = knock(pair)
    headers = {**knocked.headers, "signature": header}
    if header is None:
        del headers["signature"]
    refused(replace(knocked, headers=headers), public_pem(pair), "does not match")
