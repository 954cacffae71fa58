"""Draft-cavage signatures held against the draft's own examples, an independent library, and nonsense."""

import json
from base64 import b64encode
from pathlib import Path

import httpsig
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from federation import keys, signatures
from federation.errors import BadSignature, Malformed
from federation.knock import Knock
from federation.verification import claim_of
from tests.federation.conftest import private_pem, public_pem
from tests.federation.knocking import BODY, INBOX, OURS, POST_COVERS, URL, date, digest

pytestmark = pytest.mark.usefixtures("house")
VECTORS = json.loads((Path(__file__).parent / "vectors" / "cavage12_c.json").read_text())


def arrival(method: str, url: str, body: bytes, headers: dict[str, str]) -> Knock:
    return Knock(method, url.removeprefix(f"https://{OURS}"), headers, body, OURS)


# --- What we sign ---


def test_what_we_sign_we_believe(key):
    claim = claim_of(arrival("POST", URL, BODY, signatures.sign("POST", URL, BODY, key)))
    assert claim.key_uri == key.uri
    claim.check(key.public_pem)


def test_a_letter_is_signed_in_the_form_that_every_peer_takes(key):
    headers = signatures.sign("POST", URL, BODY, key)
    assert set(headers) == {"host", "date", "digest", "content-type", "signature"}
    assert headers["host"] == OURS
    assert headers["date"].endswith(" GMT")
    assert headers["digest"] == digest(BODY)
    assert headers["content-type"] == "application/activity+json"
    assert headers["signature"].startswith(
        f'keyId="{key.uri}",algorithm="rsa-sha256",headers="(request-target) host date digest content-type",signature="'
    )


def test_a_question_is_signed_with_its_query(key):
    headers = signatures.sign("GET", f"{URL}?page=2", None, key)
    assert 'headers="(request-target) host date"' in headers["signature"]
    claim_of(arrival("GET", f"{URL}?page=2", b"", headers)).check(key.public_pem)
    with pytest.raises(BadSignature):
        claim_of(arrival("GET", f"{URL}?page=3", b"", headers)).check(key.public_pem)


def test_the_host_is_signed_as_it_is_sent(key):
    assert signatures.sign("GET", "https://Écoles.Example:443/x#part", None, key)["host"] == "xn--coles-9ra.example"
    assert signatures.sign("GET", "https://a.example:8443/x", None, key)["host"] == "a.example:8443"
    with pytest.raises(Malformed):
        signatures.sign("GET", "https://a.example\\@b.example/", None, key)


# --- An independent library as an oracle ---


def test_httpsig_verifies_what_we_sign(key):
    headers = signatures.sign("POST", URL, BODY, key)
    required = ["(request-target)", "host", "date", "digest", "content-type"]
    oracle = httpsig.HeaderVerifier(headers, key.public_pem, required, "POST", INBOX, OURS, sign_header="signature")
    assert oracle.verify()


def test_we_verify_what_httpsig_signs(pair):
    oracle = httpsig.HeaderSigner(
        "https://martel.example/k", private_pem(pair), "rsa-sha256", list(POST_COVERS), sign_header="signature"
    )
    headers = oracle.sign({"host": OURS, "date": date(), "digest": digest(BODY)}, OURS, "POST", INBOX)
    claim_of(arrival("POST", URL, BODY, dict(headers))).check(public_pem(pair))


def test_we_refuse_the_forgery_that_httpsig_accepts(pair):
    """Anyone can key a MAC with a public key: the algorithm is not the sender's to choose."""
    pem = public_pem(pair)
    forger = httpsig.HeaderSigner("https://martel.example/k", pem, "hmac-sha256", list(POST_COVERS), "signature")
    headers = dict(forger.sign({"host": OURS, "date": date(), "digest": digest(BODY)}, OURS, "POST", INBOX))
    assert httpsig.HeaderVerifier(headers, pem, list(POST_COVERS), "POST", INBOX, OURS, "signature").verify()
    with pytest.raises(BadSignature):
        claim_of(arrival("POST", URL, BODY, headers)).check(pem)


# --- The draft's appendix C ---


def vector_claim(vector: dict) -> signatures.CavageClaim:
    headers = {name.lower(): value for name, value in vector["headers"].items()}
    target = vector["url"].removeprefix("https://example.com")
    knock = Knock(vector["method"], target, headers, vector["body"].encode(), "example.com")
    said = signatures.parameters(vector["signature"].replace('keyId="Test"', 'keyId="https://example.com/Test"'))
    assert said["headers"].split(" ") == vector["signed_headers"]
    return signatures.claim_from(said, vector["signed_headers"], knock)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_the_drafts_examples_give_the_text_it_says(vector):
    assert vector_claim(vector).texts[0].decode() == vector["signing_string"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_the_drafts_signatures_hold_once_its_small_key_is_let_in(vector, monkeypatch):
    with pytest.raises(BadSignature, match="2048"):
        vector_claim(vector).check(vector["public_key"])
    monkeypatch.setattr(keys, "BITS", range(1024, 4097))
    try:
        vector_claim(vector).check(vector["public_key"])
    finally:
        keys.public.cache_clear()


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_the_drafts_examples_prove_too_little_for_us(vector):
    headers = {name.lower(): value for name, value in vector["headers"].items()} | {"signature": vector["signature"]}
    target = vector["url"].removeprefix("https://example.com")
    with pytest.raises(BadSignature):
        claim_of(Knock("POST", target, headers, vector["body"].encode(), "example.com"))


# --- Nonsense ---

NAMES = ["keyId", "signature", "headers", "algorithm", "created", "expires"]
VALUES = ["https://a.example/k", "(request-target) host date digest", "AAAA", "hs2019", "1", "9" * 30, "(created)"]
PIECES = st.sampled_from([*NAMES, *VALUES, *'=", \t\\\0é'])
quiet = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quiet
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=200))
def test_no_header_does_more_than_be_refused(header):
    headers = {"host": OURS, "date": date(), "digest": digest(BODY), "signature": header}
    with pytest.raises(BadSignature):
        claim_of(Knock("POST", INBOX, headers, BODY, OURS)).check("")


PLAIN = st.text(st.characters(codec="latin-1"), max_size=30)


@quiet
@given(
    key_uri=st.just("https://a.example/k") | PLAIN,
    algorithm=st.sampled_from(["hs2019", "rsa-sha256", "hmac-sha256"]) | PLAIN,
    covered=st.permutations(["(request-target)", "host", "date", "digest", "(created)", "(expires)"]),
    times=st.tuples(st.integers(), st.integers()),
    signature=st.binary(max_size=300),
    values=st.tuples(PLAIN, PLAIN, PLAIN),
    host=st.just(OURS) | PLAIN,
)
def test_no_well_formed_lie_does_more_than_be_refused(key_uri, algorithm, covered, times, signature, values, host):
    header = (
        f'keyId="{key_uri}",algorithm="{algorithm}",headers="{" ".join(covered)}",created={times[0]},'
        f'expires={times[1]},signature="{b64encode(signature).decode()}"'
    )
    headers = {"host": host, "date": values[0] or date(), "digest": values[1] or digest(BODY), "signature": header}
    with pytest.raises(BadSignature):
        claim_of(Knock("POST", INBOX + values[2], headers, BODY, OURS)).check(values[0])


@quiet
@given(st.binary(max_size=400))
def test_a_random_signature_never_proves(pair, signature):
    text = b64encode(signature).decode()
    header = f'keyId="https://a.example/k",headers="{" ".join(POST_COVERS)}",signature="{text}"'
    headers = {"host": OURS, "date": date(), "digest": digest(BODY), "signature": header}
    with pytest.raises(BadSignature, match="does not match"):
        claim_of(Knock("POST", INBOX, headers, BODY, OURS)).check(public_pem(pair))


def test_the_signature_is_pkcs1_with_sha256(key, pair):
    headers = signatures.sign("GET", URL, None, key)
    claim = claim_of(arrival("GET", URL, b"", headers))
    pair.public_key().verify(claim.signature, claim.texts[0], PKCS1v15(), hashes.SHA256())
