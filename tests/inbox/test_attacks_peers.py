"""How real servers sign is taken, each in its own manner; of fifteen lies about one Create, none is."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes

from inbox.models import Receipt
from outbox.models import Post
from tests.federation.knocking import POST_COVERS, date, digest, epoch
from tests.inbox.knocks import DOOR, KIND, by_message, cavage, enter, with_headers
from tests.neighbour import CONTEXT, key_pair

pytestmark = pytest.mark.django_db
HOUR, AGE = timedelta(hours=1), ("(request-target)", "host", "(created)", "(expires)", "digest")
PROFILE = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


def created(*headers):
    said = {"algorithm": '"hs2019"', "created": str(epoch()), "expires": str(epoch(HOUR))}
    return {"covers": (*AGE, *headers), "parameters": said}


CAVAGE = {
    "Mastodon, Fedify: rsa-sha256 with the content type": {
        "covers": (*POST_COVERS, "content-type"), "headers": {"content-type": KIND}
    },
    "GoToSocial: hs2019": {"parameters": {"algorithm": '"hs2019"'}},
    "no algorithm": {"parameters": {"algorithm": ""}},
    "Pleroma: the length too, in its own order": {
        "covers": ("(request-target)", "content-length", "date", "digest", "host"), "headers": {"content-length": "?"}
    },
    "snac: digest before host": {"covers": ("(request-target)", "digest", "host", "date")},
    "spaces after commas": {"separator": ", "},
    "RSA-SHA512": {"parameters": {"algorithm": '"rsa-sha512"'}, "sha": hashes.SHA512()},
    "hs2019 with SHA-512": {"parameters": {"algorithm": '"hs2019"'}, "sha": hashes.SHA512()},
    "created and expires in place of a date": created(),
    "created and expires beside a date": created("date"),
    "query signed": {"target": f"{DOOR}?page=1"},
    "query sent and not signed": {"target": f"{DOOR}?page=1", "signed_target": DOOR},
    "half an hour late": {"headers": {"date": date(-HOUR / 2)}},
    "host in capitals": {"headers": {"host": "LOCALHOST:8000"}},
}  # fmt: skip
MESSAGE = {
    "Fedify, Mastodon: RFC 9421": {},
    "with its algorithm, expiry and nonce": {
        "said": {"alg": '"rsa-v1_5-sha256"', "expires": str(epoch(HOUR)), "nonce": '"n"', "tag": '"t"'}
    },
    "with a query": {"target": f"{DOOR}?page=1"},
}


@pytest.fixture
def letter(vernay, julien):
    return vernay.create(vernay.lucie, [julien.uri])


def sized(letter, variant):
    headers = variant.get("headers", {})
    length = {"content-length": str(len(json.dumps(letter)))} if "content-length" in headers else {}
    return variant | {"headers": headers | length}


@pytest.mark.parametrize("variant", CAVAGE.values(), ids=CAVAGE)
def test_an_honest_letter_signed_the_usual_way_is_taken(vernay, letter, client, work, variant):
    assert enter(client, cavage(vernay, letter, **sized(letter, variant))).status_code == 202
    work()
    assert Post.objects.get().uri == letter["object"]["id"]


@pytest.mark.parametrize("variant", MESSAGE.values(), ids=MESSAGE)
def test_an_honest_letter_signed_by_the_new_standard_is_taken(vernay, letter, client, work, variant):
    assert enter(client, by_message(vernay, letter, **variant)).status_code == 202
    work()
    assert Post.objects.get().uri == letter["object"]["id"]


def test_the_digest_may_be_called_in_lower_case(vernay, letter, client):
    lower = digest(json.dumps(letter).encode(), "sha-256")
    assert enter(client, cavage(vernay, letter, headers={"digest": lower})).status_code == 202


def test_the_signature_may_stand_in_authorization(vernay, letter, client):
    knock = cavage(vernay, letter)
    moved = with_headers(knock, signature=None, authorization=f"Signature {knock.headers['signature']}")
    assert enter(client, moved).status_code == 202


def test_json_ld_with_its_profile_is_taken(vernay, letter, client):
    assert enter(client, cavage(vernay, letter), PROFILE).status_code == 202


def test_a_key_in_a_document_of_its_own_is_taken(vernay, letter, client):
    """As GoToSocial has it."""
    key = f"{vernay.lucie}/main-key"
    vernay.documents["/users/lucie"]["publicKey"]["id"] = key
    vernay.documents["/users/lucie/main-key"] = {"@context": CONTEXT, **vernay.documents["/users/lucie"]["publicKey"]}
    assert enter(client, cavage(vernay, letter, key=key)).status_code == 202


LIES = {
    "no signature": lambda w: with_headers(w.honest(), signature=None),
    "body changed": lambda w: replace(w.honest(), body=w.honest().body.replace(b"bonjour", b"adieu !")),
    "another key": lambda w: w.honest(pair=key_pair(77)[0]),
    "digest not covered": lambda w: w.honest(covers=("(request-target)", "host", "date")),
    "no digest": lambda w: with_headers(w.honest(covers=("(request-target)", "host", "date")), digest=None),
    "three days old": lambda w: w.honest(headers={"date": date(-timedelta(days=3))}),
    "a day ahead": lambda w: w.honest(headers={"date": date(timedelta(days=1))}),
    "host not covered": lambda w: w.honest(covers=("(request-target)", "date", "digest")),
    "target not covered": lambda w: w.honest(covers=("host", "date", "digest")),
    "expired": lambda w: w.honest(parameters={"expires": str(epoch(-timedelta(minutes=1)))}),
    "signed by a colleague": lambda w: w.honest(signer=w.mallory),
    "signed by another house": lambda w: w.by_another_house(),
    "attributed to a colleague": lambda w: w.honest(attributedTo=w.mallory),
    "a note of another house": lambda w: w.honest(attributedTo=w.far),
    "the id of a note of another house": lambda w: w.honest(id=f"{w.other.origin}/notes/1"),
}
# A signature that proves nothing is told so; a proven signer who lies is refused, or kept and ignored.
STATUS = dict.fromkeys(LIES, 401) | {
    "signed by a colleague": 403,
    "signed by another house": 403,
    "attributed to a colleague": 202,
    "a note of another house": 202,
    "the id of a note of another house": 403,
}


class World:
    def __init__(self, house, other, letter):
        self.house, self.other, self.letter = house, other, letter
        self.mallory, self.far = house.add_actor("mallory"), other.add_actor("far")

    def honest(self, *, attributedTo=None, id=None, signer=None, **changes):  # noqa: N803
        told = {name: value for name, value in (("attributedTo", attributedTo), ("id", id)) if value}
        return cavage(self.house, self.letter | {"object": self.letter["object"] | told}, signer, **changes)

    def by_another_house(self):
        return cavage(self.other, self.letter, self.far)


@pytest.mark.row(1, 2, 3, 4, 5, 6, 8, 34, 35)
@pytest.mark.parametrize("lie", LIES)
def test_no_lie_about_who_wrote_what_is_taken(vernay, other_house, letter, client, work, lie):
    answer = enter(client, LIES[lie](World(vernay, other_house, letter)))
    assert answer.status_code == STATUS[lie]
    work()
    assert list(Receipt.objects.values_list("state", flat=True)) == (["ignored"] if answer.status_code == 202 else [])
    assert not Post.objects.exists()


def test_the_fifteen_are_lies_for_one_reason_each(vernay, other_house, letter, client):
    assert len(LIES) == 15
    assert enter(client, World(vernay, other_house, letter).honest()).status_code == 202
