"""RFC 9421: what we sign, the RFC's own examples, and nonsense."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from federation import message_signatures
from federation.errors import BadSignature
from federation.knock import Knock
from federation.verification import claim_of
from tests.federation.conftest import public_pem
from tests.federation.knocking import BODY, INBOX, OURS, URL, epoch, refused, taken
from tests.federation.message_knocking import content_digest, knock

pytestmark = pytest.mark.usefixtures("house")
VECTORS = json.loads((Path(__file__).parent / "vectors" / "rfc9421_b2.json").read_text())


# --- What we sign ---


def test_the_second_knock_is_believed(key):
    headers = message_signatures.sign("POST", URL, BODY, key)
    assert set(headers) == {"host", "content-type", "content-digest", "signature-input", "signature"}
    assert headers["content-digest"] == content_digest(BODY)
    assert headers["signature-input"].startswith('preau=("@method" "@target-uri" "content-digest");created=')
    taken(Knock("POST", INBOX, headers, BODY, OURS), key.public_pem)


def test_a_question_can_be_signed_so_too(key):
    headers = message_signatures.sign("GET", f"{URL}?page=1", None, key)
    assert set(headers) == {"host", "signature-input", "signature"}
    taken(Knock("GET", f"{INBOX}?page=1", headers, b"", OURS), key.public_pem)
    refused(Knock("GET", f"{INBOX}?page=2", headers, b"", OURS), key.public_pem)


# --- RFC 9421, appendix B.2 ---


def vector_claim(vector: dict) -> message_signatures.MessageClaim:
    headers = {name.lower(): value for name, value in vector["headers"].items()}
    headers |= {"signature-input": vector["signature_input"], "signature": vector["signature"]}
    target = vector["url"].removeprefix("https://example.com")
    return message_signatures.MessageClaim(
        vector["keyid"], Knock(vector["method"], target, headers, vector["body"].encode(), "example.com")
    )


REQUESTS = {vector["id"]: vector for vector in VECTORS if vector["kind"] == "request"}


def test_the_rfcs_ed25519_example_holds():
    vector = REQUESTS["rfc9421-B.2.6"]
    vector_claim(vector).check(vector["public_key"])


@pytest.mark.parametrize("header", ["Date", "Content-Type", "Content-Length"])
def test_the_rfcs_ed25519_example_fails_once_touched(header):
    vector = REQUESTS["rfc9421-B.2.6"]
    touched = {**vector, "headers": {**vector["headers"], header: "1"}}
    with pytest.raises(BadSignature):
        vector_claim(touched).check(vector["public_key"])


@pytest.mark.parametrize("vector", REQUESTS.values(), ids=REQUESTS)
def test_the_rfcs_examples_prove_too_little_for_us(vector):
    """None covers method, address and body; most use algorithms that no peer has."""
    with pytest.raises(BadSignature):
        claim_of(vector_claim(vector).knock)
    if vector["alg"] != "ed25519":
        with pytest.raises(BadSignature):
            vector_claim(vector).check(vector["public_key"] or vector["shared_secret"])


# --- Nonsense ---

NAMES = ["sig", '"@method"', '"@target-uri"', '"content-digest"', "created", "keyid", "alg", "expires"]
VALUES = ["1", "9" * 15, '"https://a.example/k"', ":AAAA:", ";req", ";sf", "?1", "@1", "é"]
PIECES = st.sampled_from([*NAMES, *VALUES, *'=();, \0"'])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    inputs=st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=100),
    signature=st.lists(PIECES, max_size=10).map("".join) | st.text(max_size=100),
    digest=st.lists(PIECES, max_size=10).map("".join) | st.just(content_digest(BODY)),
)
def test_no_header_does_more_than_be_refused(pair, inputs, signature, digest):
    headers = {"host": OURS, "content-digest": digest, "signature-input": inputs, "signature": signature}
    with pytest.raises(BadSignature):
        taken(Knock("POST", INBOX, headers, BODY, OURS), public_pem(pair))
    covers = f'sig=("@method" "@target-uri" "content-digest");created={epoch()};keyid="https://a.example/k"'
    with pytest.raises(BadSignature):
        taken(Knock("POST", INBOX, {**headers, "signature-input": covers}, BODY, OURS), public_pem(pair))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(target=st.text(max_size=40))
def test_no_target_does_more_than_be_refused(pair, target):
    refused(replace(knock(pair), target=target), public_pem(pair))
