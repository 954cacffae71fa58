"""Signatures that were altered, replayed, outdated or made up prove nothing at our door (security rows 1 to 12)."""

import hmac
import json
import time
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta

import pytest

from federation.models import Key
from inbox.models import Receipt
from outbox.models import Post
from tests.federation.knocking import POST_COVERS, date, digest, epoch
from tests.federation.test_forgeries import monstrous_pem
from tests.inbox.knocks import cavage, enter, with_headers

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NO_DATE = ("(request-target)", "host", "digest")


@pytest.mark.row(1)
@pytest.mark.parametrize("headers", [{"signature": None}, {"signature": ""}, {"signature": None, "authorization": "x"}])
def test_who_does_not_sign_is_refused(vernay, letter, refused, headers):
    refused(with_headers(cavage(vernay, letter), **headers))


@pytest.mark.row(2)
def test_who_signs_with_a_key_of_his_own_is_not_the_other(vernay, other_house, letter, refused):
    """Nothing of the letter is kept or acted upon before it is known whose key it was."""
    colleague = vernay.add_actor("malo")
    refused(cavage(vernay, letter, colleague), 403)
    refused(cavage(other_house, letter, other_house.mallory), 403)
    refused(cavage(vernay, letter, pair=vernay.keys[colleague]))


@pytest.mark.row(3)
def test_a_digest_that_is_not_covered_proves_no_body(vernay, letter, refused):
    refused(cavage(vernay, letter, covers=("(request-target)", "host", "date")))


@pytest.mark.row(4)
@pytest.mark.parametrize(
    "forged",
    [
        lambda body: {"digest": digest(b"something else")},
        lambda body: {"digest": digest(body, "SHA-512")},
        lambda body: {"digest": "SHA-256=%%%"},
        lambda body: {"digest": digest(body).rstrip("=")},
        lambda body: {"digest": f"{digest(body)},{digest(body)}"},
    ],
)
def test_a_digest_is_that_of_the_body(vernay, letter, refused, forged):
    refused(cavage(vernay, letter, headers=forged(json.dumps(letter).encode())))


@pytest.mark.row(4)
def test_a_body_altered_on_its_way_is_refused(vernay, letter, refused):
    honest = cavage(vernay, letter)
    refused(replace(honest, body=honest.body + b" "))
    refused(with_headers(honest, digest=None))


@pytest.mark.row(5)
def test_where_it_goes_is_covered(vernay, letter, refused):
    refused(cavage(vernay, letter, covers=("host", "date", "digest")))


@pytest.mark.row(6)
@pytest.mark.parametrize("host", ["localhost:8001", "localhost", "localhost:8000.", "other.example", ""])
def test_what_was_signed_for_another_house_is_not_replayed_here(vernay, letter, refused, host):
    """Django itself answers 400 to names that are not ours at all."""
    refused(cavage(vernay, letter, headers={"host": host}), 400, 401)
    refused(with_headers(cavage(vernay, letter, headers={"host": host}), host="localhost:8000"))


@pytest.mark.row(6)
def test_the_host_is_covered(vernay, letter, refused):
    refused(cavage(vernay, letter, covers=("(request-target)", "date", "digest")))


@pytest.mark.row(7)
def test_what_was_signed_for_one_inbox_does_not_enter_another(vernay, julien, letter, refused):
    refused(replace(cavage(vernay, letter), target=julien.inbox[21:]))
    refused(replace(cavage(vernay, letter, target="/ap/inbox?page=1"), target="/ap/inbox"))


@pytest.mark.row(8)
@pytest.mark.parametrize(
    "when",
    [date(-13 * HOUR), date(3 * HOUR), date(-HOUR - timedelta(minutes=1)), "yesterday", "", str(epoch())],
    ids=["old", "ahead", "just too old", "garbled", "empty", "a number"],
)
def test_only_what_was_signed_within_the_hour_counts(vernay, letter, refused, when):
    refused(cavage(vernay, letter, headers={"date": when}))


@pytest.mark.row(8)
def test_a_date_is_there_and_covered(vernay, letter, refused):
    refused(cavage(vernay, letter, covers=NO_DATE))
    refused(with_headers(cavage(vernay, letter), date=None))
    for created in (str(epoch(-2 * HOUR)), str(epoch(2 * HOUR)), '"noon"', ""):
        refused(cavage(vernay, letter, covers=(*NO_DATE, "(created)"), parameters={"created": created}))


@pytest.mark.row(9)
def test_the_same_letter_again_is_taken_again_and_changes_nothing(vernay, letter, client, work):
    knock = cavage(vernay, letter)
    for _ in range(3):
        assert enter(client, knock).status_code == 202
        work()
    assert (Receipt.objects.count(), Post.objects.count()) == (1, 1)


@pytest.mark.row(10)
@pytest.mark.parametrize("name", ["hmac-sha256", "none", "rsa-sha1", "ecdsa-sha256", "ed25519", "rsa-sha512", "RSA"])
def test_the_algorithm_is_not_the_senders_choice(vernay, letter, refused, name):
    refused(cavage(vernay, letter, parameters={"algorithm": f'"{name}"'}))


@pytest.mark.row(10)
@pytest.mark.parametrize("name", ["hmac-sha256", "hs2019", "rsa-sha256"])
def test_a_mac_made_with_the_public_key_proves_nothing(vernay, letter, refused, name):
    honest = cavage(vernay, letter, parameters={"algorithm": f'"{name}"'})
    lines = {**honest.headers, "(request-target)": "post /ap/inbox"}
    text = "\n".join(f"{each}: {lines[each]}" for each in POST_COVERS)
    pem = vernay.documents["/users/lucie"]["publicKey"]["publicKeyPem"]
    mac = b64encode(hmac.digest(pem.encode(), text.encode(), "sha256")).decode()
    refused(
        with_headers(honest, signature=honest.headers["signature"].partition(",signature=")[0] + f',signature="{mac}"')
    )


@pytest.mark.row(11)
@pytest.mark.parametrize(
    ("bits", "exponent"),
    [(512, 65537), (1024, 65537), (2047, 65537), (4097, 65537), (15_000, (1 << 256) + 1), (2048, 7)],
)
def test_keys_too_weak_or_too_heavy_prove_nothing_and_cost_nothing(vernay, letter, refused, bits, exponent):
    vernay.documents["/users/lucie"]["publicKey"]["publicKeyPem"] = monstrous_pem(bits, exponent)
    began = time.process_time()
    refused(cavage(vernay, letter))
    assert time.process_time() - began < 2


@pytest.mark.row(12)
@pytest.mark.parametrize(
    "spoil",
    [
        lambda header: f'keyId="http://127.0.0.1:1/users/malo#main-key",{header}',
        lambda header: f'{header},keyId="http://127.0.0.1:1/users/malo#main-key"',
        lambda header: f'KEYID="http://127.0.0.1:1/users/malo#main-key",{header}',
        lambda header: f"{header},{header}",
        lambda header: header.replace('keyId="', 'keyId="\\"'),
        lambda header: header.replace('keyId="', 'keyId="\0'),
        lambda header: header.replace("#main-key", "#main,key"),
        lambda header: header.replace("#main-key", "#main key"),
        lambda header: header.replace("#main-key", "#" + "k" * 500),
        lambda header: header.replace("keyId=", "id="),
        lambda header: header.replace('headers="', 'headers="host '),
        lambda header: header.replace('signature="', 'signature="*'),
        lambda header: header.replace(",", ";"),
    ],
)
def test_what_two_parsers_could_read_apart_is_refused(vernay, letter, refused, spoil):
    honest = cavage(vernay, letter)
    refused(with_headers(honest, signature=spoil(honest.headers["signature"])), 400, 401)
    assert (vernay.asked, Key.objects.filter(uri__contains="malo").count()) == ([], 0)
