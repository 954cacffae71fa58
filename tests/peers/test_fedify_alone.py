"""The independent peer works: two towns on Fedify follow each other and exchange, edit and delete notes."""

import http.client
import json
from base64 import b64encode
from collections.abc import Iterator
from email.utils import formatdate
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.peers.fedify_peer import CAVAGE, MISSING, RFC9421, FedifyPeer, PeerFailed, installed

pytestmark = [pytest.mark.peer, pytest.mark.skipif(not installed(), reason=MISSING)]


@pytest.fixture(scope="module")
def lucie() -> Iterator[FedifyPeer]:
    with FedifyPeer("lucie") as peer:
        yield peer


@pytest.fixture(scope="module")
def marc() -> Iterator[FedifyPeer]:
    with FedifyPeer("marc", first_knock=RFC9421, ed25519=True) as peer:
        yield peer


@pytest.fixture(scope="module", autouse=True)
def friendship(lucie: FedifyPeer, marc: FedifyPeer) -> None:
    lucie.follow(marc.handle)
    marc.follow(lucie.handle)
    lucie.wait_for(lambda peer: peer.following(marc.handle) == "accepted")
    marc.wait_for(lambda peer: peer.following(lucie.handle) == "accepted")


def post_raw(peer: FedifyPeer, path: str, body: bytes, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", peer.port, timeout=10)
    try:
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_two_towns_follow_each_other(lucie: FedifyPeer, marc: FedifyPeer) -> None:
    assert lucie.state()["followers"] == [marc.actor]
    assert marc.state()["followers"] == [lucie.actor]


def test_a_note_is_read_edited_and_deleted_in_the_other_town(lucie: FedifyPeer, marc: FedifyPeer) -> None:
    note = lucie.post("<p>Bonjour</p>")["id"]
    known = marc.note(note)
    assert known is not None
    assert known["content"] == "<p>Bonjour</p>"

    lucie.update(note, "<p>Bonsoir</p>")
    known = marc.note(note)
    assert known is not None
    assert known["content"] == "<p>Bonsoir</p>"

    lucie.delete(note)
    assert marc.note(note) is None
    assert note in marc.state()["deleted"]
    with pytest.raises(PeerFailed) as gone:
        marc.fetch(note)
    assert gone.value.entry["status"] == 410


def test_a_note_for_followers_is_shown_to_a_signed_reader_only(lucie: FedifyPeer, marc: FedifyPeer) -> None:
    note = lucie.post("<p>Entre nous</p>")["id"]
    assert marc.fetch(note)["content"] == "<p>Entre nous</p>"
    with pytest.raises(PeerFailed) as refused:
        marc.fetch(note, signed=False)
    assert refused.value.entry["status"] == 401


def test_a_named_person_answers_likes_announces_and_takes_it_back(lucie: FedifyPeer, marc: FedifyPeer) -> None:
    question = lucie.post("<p>Qui vient ?</p>", to="named", named=[marc.handle], image={})["id"]
    reply = marc.post("<p>Moi</p>", to="named", named=[lucie.actor], in_reply_to=question)["id"]
    known = lucie.note(reply)
    assert known is not None
    assert known["inReplyTo"] == question

    marc.undo(marc.like(question)["id"])
    marc.undo(marc.announce(question)["id"])
    reactions = [(one["type"], one["undone"]) for one in lucie.state()["reactions"] if one["object"] == question]
    assert reactions == [("Like", True), ("Announce", True)]


def test_both_ways_of_signing_are_used_and_the_second_knock_opens(lucie: FedifyPeer, marc: FedifyPeer) -> None:
    lucie.knock(marc.origin, CAVAGE)
    first = lucie.post("<p>1</p>")["activity"]
    marc.understand_only(RFC9421)
    second = lucie.post("<p>2</p>")["activity"]
    marc.understand_only()
    specs = {one["id"]: one["spec"] for one in marc.received("Create")}
    assert specs[first] == CAVAGE
    assert specs[second] == RFC9421
    assert {one["spec"] for one in marc.refused() if one["id"] == second} == {CAVAGE}


def test_a_house_in_trouble_is_reported(lucie: FedifyPeer, marc: FedifyPeer) -> None:
    marc.fail(503, times=2)  # Fedify knocks twice
    with pytest.raises(PeerFailed) as refused:
        lucie.post("<p>Trop tôt</p>")
    assert refused.value.entry["error"]["status"] == 503


def sign_as(actor: str, peer: FedifyPeer, body: bytes) -> dict[str, str]:
    """Headers of an honest request in every respect, but for the key: it is not the actor's."""
    headers = {
        "Host": f"127.0.0.1:{peer.port}",
        "Date": formatdate(usegmt=True),
        "Digest": f"SHA-256={b64encode(sha256(body).digest()).decode()}",
        "Content-Type": "application/activity+json",
    }
    covered = {"(request-target)": "post /inbox"} | {name.lower(): headers[name] for name in ("Host", "Date", "Digest")}
    text = "\n".join(f"{name}: {value}" for name, value in covered.items()).encode()
    key = rsa.generate_private_key(65537, 2048)
    signature = b64encode(key.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()
    parameters = f'keyId="{actor}#main-key",algorithm="rsa-sha256",headers="{" ".join(covered)}"'
    return headers | {"Signature": f'{parameters},signature="{signature}"'}


def test_what_is_unsigned_or_signed_with_another_key_is_refused(lucie: FedifyPeer, marc: FedifyPeer) -> None:
    note = f"{marc.origin}/users/marc/notes/1"
    content = {"type": "Note", "id": note, "attributedTo": marc.actor, "content": "<p>Je ne suis pas Marc</p>"}
    create = {"type": "Create", "id": f"{note}#create", "actor": marc.actor, "object": content}
    body = json.dumps({"@context": "https://www.w3.org/ns/activitystreams"} | create).encode()
    assert post_raw(lucie, "/inbox", body, {"Content-Type": "application/activity+json"}) == 401
    assert post_raw(lucie, "/inbox", body, sign_as(marc.actor, lucie, body)) == 401
    assert [one["reason"] for one in lucie.refused()[-2:]] == ["noSignature", "invalidSignature"]
    assert lucie.note(note) is None


def test_a_refused_wish_to_follow_is_known_and_can_be_taken_back(marc: FedifyPeer) -> None:
    with FedifyPeer("nina", host="nina.localhost", on_follow="reject") as nina:
        marc.follow(nina.handle)
        marc.wait_for(lambda peer: peer.following(nina.handle) == "rejected")
        asked = nina.follow(marc.handle)
        nina.wait_for(lambda peer: peer.following(marc.handle) == "accepted")
        assert nina.actor in marc.state()["followers"]
        nina.undo(asked["follow"])
        assert nina.actor not in marc.state()["followers"]
