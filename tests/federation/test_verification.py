"""Who may say what, and how it is refused: the first rows of the attack matrix, at the level of the signature."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519

from federation.verification import Knock, claim_of
from tests.federation.conftest import public_pem
from tests.federation.knocking import (
    BODY,
    INBOX,
    OURS,
    POST_COVERS,
    date,
    digest,
    epoch,
    knock,
    refused,
    taken,
    with_headers,
)

pytestmark = pytest.mark.usefixtures("house")
HOURS = timedelta(hours=1)
WITHOUT = {name: tuple(each for each in POST_COVERS if each != name) for name in POST_COVERS}


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
    "half an hour late": {"headers": {"date": date(-timedelta(minutes=30))}},
    "half an hour early": {"headers": {"date": date(timedelta(minutes=30))}},
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
    ids=["long ago", "ahead", "an hour ago", "a word", "nothing", "no date"],
)
def test_row_8_only_what_was_signed_within_the_hour_counts(pair, when):
    refused(knock(pair, headers={"date": when}), public_pem(pair), "signed too long ago|not a date")


def test_row_8_a_date_must_be_there_and_covered(pair):
    refused(knock(pair, covers=WITHOUT["date"]), public_pem(pair), "not covered: date")
    refused(with_headers(knock(pair), date=None), public_pem(pair), "absent: date")


@pytest.mark.parametrize(
    "created", [str(epoch(-2 * HOURS)), str(epoch(2 * HOURS)), '"noon"'], ids=["ago", "ahead", "a word"]
)
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
