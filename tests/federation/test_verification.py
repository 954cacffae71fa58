"""Who may say what, and how it is refused: the first rows of the attack matrix, at the level of the signature."""

import hashlib
import hmac
import time
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from django.test import RequestFactory

from federation import message_signatures, signatures
from federation.errors import BadSignature
from federation.verification import Knock, claim_of
from tests.federation import knocking
from tests.federation.conftest import public_pem
from tests.federation.knocking import BODY, INBOX, OURS, POST_COVERS, URL, date, digest, epoch, knock

pytestmark = pytest.mark.usefixtures("house")
HOURS = timedelta(hours=1)
WITHOUT = {name: tuple(each for each in POST_COVERS if each != name) for name in POST_COVERS}


def taken(knocked: Knock, pem: str) -> None:
    claim_of(knocked).check(pem)


def refused(knocked: Knock, pem: str, reason: str | None = None) -> None:
    with pytest.raises(BadSignature, match=reason) as refusal:
        taken(knocked, pem)
    assert refusal.value.status == 401


def with_headers(knocked: Knock, **headers: str | None) -> Knock:
    changed = {**knocked.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return replace(knocked, headers={name: value for name, value in changed.items() if value is not None})


# --- Honest variants that real servers send ---


HONEST = {
    "as most do": {},
    "hs2019": {"parameters": {"algorithm": '"hs2019"'}},
    "no algorithm": {"parameters": {"algorithm": ""}},
    "RSA-SHA512": {"parameters": {"algorithm": '"rsa-sha512"'}, "sha": hashes.SHA512()},
    "hs2019 as its draft has it": {"parameters": {"algorithm": '"hs2019"'}, "sha": hashes.SHA512()},
    "spaces after commas": {"separator": ", "},
    "digest in lower case": {"headers": {"digest": digest(BODY, "sha-256")}},
    "another digest beside": {"headers": {"digest": f"SHA-512=AAAA,{digest(BODY)}"}},
    "content type covered": {"covers": (*POST_COVERS, "content-type"), "headers": {"content-type": "text/x"}},
    "a minute late": {"headers": {"date": date(-timedelta(minutes=59))}},
    "a minute early": {"headers": {"date": date(timedelta(minutes=59))}},
    "not expired": {"parameters": {"expires": str(epoch(HOURS))}},
    "created for date": {
        "covers": ("(request-target)", "host", "(created)", "(expires)", "digest"),
        "parameters": {"algorithm": '"hs2019"', "created": str(epoch()), "expires": str(epoch(HOURS))},
    },
    "query signed": {"target": f"{INBOX}?page=1"},
    "query left out": {"target": f"{INBOX}?page=1", "signed_target": INBOX},
    "reader": {"method": "GET"},
    "host in capitals": {"headers": {"host": OURS.upper()}},
}


@pytest.mark.parametrize("variant", HONEST.values(), ids=HONEST)
def test_an_honest_knock_is_believed(pair, variant):
    knocked = knock(pair, **variant)
    assert claim_of(knocked).key_uri == "https://martel.example/ap/actors/01LUCIE#main-key"
    taken(knocked, public_pem(pair))


def test_the_signature_may_stand_in_authorization(pair):
    knocked = knock(pair)
    moved = with_headers(knocked, signature=None, authorization=f"Signature {knocked.headers['signature']}")
    taken(moved, public_pem(pair))


@pytest.mark.parametrize("name", ["hs2019", "ed25519", ""])
def test_an_ed25519_key_proves_too(name):
    pair = ed25519.Ed25519PrivateKey.generate()
    taken(knock(pair, parameters={"algorithm": f'"{name}"' if name else ""}), public_pem(pair))


# --- The matrix ---


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer 123"}, {"signature": ""}])
def test_row_1_who_does_not_sign_is_refused(headers):
    refused(Knock("POST", INBOX, {"host": OURS, "date": date(), **headers}, BODY, OURS), "", "not signed")


def test_row_2_a_colleagues_key_does_not_prove(pair, another_pair):
    refused(knock(pair), public_pem(another_pair), "does not match")


def test_row_3_a_digest_must_be_covered(pair):
    refused(knock(pair, covers=WITHOUT["digest"]), public_pem(pair), "not covered: digest")


def test_row_3_a_get_with_a_body_needs_a_digest_as_well(pair):
    refused(replace(knock(pair, method="GET"), body=b"surprise"), public_pem(pair), "not covered: digest")


@pytest.mark.parametrize(
    "header",
    [
        digest(b"something else"),
        digest(BODY, "SHA-512"),
        digest(BODY).rstrip("="),
        digest(BODY).replace("SHA-256=", "SHA-256= "),
        f"{digest(BODY)},{digest(BODY)}",
        "SHA-256",
        "SHA-256=%%%",
        "",
    ],
)
def test_row_4_a_digest_must_be_that_of_the_body(pair, header):
    refused(knock(pair, headers={"digest": header}), public_pem(pair), "not the one that was signed")


def test_row_4_a_body_changed_on_its_way_is_refused(pair):
    refused(replace(knock(pair), body=b'{"type":"Delete"}'), public_pem(pair), "not the one that was signed")


def test_row_4_a_covered_digest_must_be_there(pair):
    refused(with_headers(knock(pair), digest=None), public_pem(pair), "absent: digest")


def test_row_5_the_target_must_be_covered(pair):
    refused(knock(pair, covers=WITHOUT["(request-target)"]), public_pem(pair), "not covered: .request-target.")


def test_row_6_the_host_must_be_covered(pair):
    refused(knock(pair, covers=WITHOUT["host"]), public_pem(pair), "not covered: host")


@pytest.mark.parametrize("host", ["other.example", "beauval.example.other.example", "beauval.example:8443", ""])
def test_row_6_what_was_signed_for_another_house_is_not_replayed_here(pair, host):
    refused(knock(pair, headers={"host": host}), public_pem(pair), "another host")


def test_row_7_what_was_signed_for_one_inbox_does_not_enter_another(pair):
    refused(replace(knock(pair), target="/ap/inbox"), public_pem(pair), "does not match")
    refused(replace(knock(pair, method="GET"), method="HEAD"), public_pem(pair), "does not match")


@pytest.mark.parametrize(
    "when",
    [
        date(-13 * HOURS),
        date(3 * HOURS),
        date(-timedelta(minutes=61)),
        "yesterday",
        "",
        "Thu, 99 Xyz 2026 00:00:00 GMT",
    ],
)
def test_row_8_only_what_was_signed_within_the_hour_counts(pair, when):
    refused(knock(pair, headers={"date": when}), public_pem(pair), "signed too long ago|not a date")


def test_row_8_a_date_must_be_there_and_covered(pair):
    refused(knock(pair, covers=WITHOUT["date"]), public_pem(pair), "not covered: date")
    refused(with_headers(knock(pair), date=None), public_pem(pair), "absent: date")


@pytest.mark.parametrize("created", [str(epoch(-2 * HOURS)), str(epoch(2 * HOURS)), '"noon"'])
def test_row_8_a_creation_time_is_held_to_the_same_window(pair, created):
    covers = ("(request-target)", "host", "(created)", "digest")
    refused(knock(pair, covers=covers, parameters={"created": created}), public_pem(pair), "ago|not a date")


def test_row_8_every_covered_time_counts(pair):
    stale = {"created": str(epoch(-2 * HOURS))}
    refused(knock(pair, covers=(*POST_COVERS, "(created)"), parameters=stale), public_pem(pair), "ago")


def test_row_8_a_covered_creation_time_must_be_said(pair):
    covers = ("(request-target)", "host", "(created)", "digest")
    refused(knock(pair, covers=covers), public_pem(pair), "absent: .created.")
    smuggled = with_headers(knock(pair, covers=covers), **{"(created)": str(epoch())})
    refused(smuggled, public_pem(pair))


@pytest.mark.parametrize("covers", [POST_COVERS, (*POST_COVERS, "(expires)")])
def test_row_8_what_has_expired_is_refused(pair, covers):
    expired = {"expires": str(epoch(-timedelta(seconds=2)))}
    refused(knock(pair, covers=covers, parameters=expired), public_pem(pair), "expired")


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
    assert knocking.digest(BODY).endswith(b64encode(hashlib.sha256(BODY).digest()).decode())
    refused(replace(knock(pair), body=b""), public_pem(pair))
