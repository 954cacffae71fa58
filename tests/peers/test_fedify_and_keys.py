"""What either side signs is proven by the other's verifier, and nothing else is; what waits while a house is down."""

import json
from collections.abc import Iterator

import pytest

from tests.peers.conftest import put_on_the_list
from tests.peers.fedify_peer import CAVAGE, MISSING, RFC9421, FedifyPeer, Json, PeerFailed, installed
from tests.peers.visitor import Visitor
from tests.towns import Town

pytestmark = [pytest.mark.peer, pytest.mark.skipif(not installed(), reason=MISSING)]


@pytest.fixture
def marc(aubin: Town) -> Iterator[FedifyPeer]:
    """Another agent elsewhere, whose house may be stopped and started without disturbing Lucie's."""
    with FedifyPeer("marc") as peer:
        put_on_the_list(aubin, peer)
        yield peer


def write_to(julien: Visitor, peer: FedifyPeer, words: str) -> str:
    """A private message from Julien; the URI of the post."""
    julien.publish(words, "named", named=peer.handle)
    return str(julien.town.ask(f"Post.objects.get(source={words!r}).uri"))


def tried(town: Town, uri: str, attempts: int = 1) -> Json:
    """The letter about a post to the other house, once it was tried so many times."""
    rows = f"Delivery.objects.filter(dispatch__object_uri={uri!r}).exclude(host={town.host!r})"
    town.wait_until(f"{rows}.get().attempts == {attempts}")
    row: Json = town.ask(f"{rows}.values('state', 'answer').get()")
    return row


def try_again_now(town: Town) -> None:
    town.sh("""
        from django.utils.timezone import now
        Delivery.objects.filter(state="waiting").update(due_at=now())
        Peer.objects.exclude(try_at=None).update(try_at=now())
    """)


def test_fedify_refuses_a_key_that_we_do_not_publish_and_takes_the_letter_once_it_is_ours_again(
    aubin: Town, julien: Visitor, lucie: FedifyPeer
) -> None:
    aubin.sh(f"""
        ours = Key.objects.filter(owner_uri={julien.uri!r})
        kept = ours.get().sealed_private
        ours.update(sealed_private=Key.objects.get(owner_uri={f"{aubin.url}/ap/instance"!r}).sealed_private)
    """)
    uri = write_to(julien, lucie, "Signé d’une autre clé")
    assert tried(aubin, uri) == {"state": "waiting", "answer": "401"}
    assert {one["reason"] for one in lucie.refused()} == {"invalidSignature"}
    assert lucie.note(uri) is None

    aubin.sh("ours.update(sealed_private=kept)")
    try_again_now(aubin)
    lucie.wait_for(lambda peer: peer.note(uri))
    (create,) = [one for one in lucie.received("Create") if one["object"]["id"] == uri]
    assert (create["actor"], create["keyId"]) == (julien.uri, f"{julien.uri}#main-key")


LETTERS = """
import json
from federation import http, message_signatures, signatures

key, inbox, number = Key.objects.get(owner_uri={me!r}), {inbox!r}, iter(range(99))

def like(actor={me!r}):
    about = dict(id=f"{me}/likes/{{next(number)}}", type="Like", actor=actor, object={note!r})
    return json.dumps({{"@context": "https://www.w3.org/ns/activitystreams", **about}}).encode()

def knock(family, body, sent=None, changed={{}}, target=inbox):
    headers = family.sign("POST", target, body, key)
    return http.post(inbox, sent or body, {{**headers, **changed}}).status

print(json.dumps({{
    family.__name__.rpartition(".")[2]: {{
        "as signed": knock(family, like()),
        "another body": knock(family, like(), sent=like()),
        "another address": knock(family, like(), target={elsewhere!r}),
        "another actor": knock(family, like(actor={house!r})),
        "another key id": knock(family, like(), changed={{
            name: value.replace({me!r}, {house!r})
            for name, value in family.sign("POST", inbox, like(), key).items() if name.startswith("signature")
        }}),
    }}
    for family in (signatures, message_signatures)
}}))
"""


def test_fedify_takes_our_signatures_of_both_families_and_refuses_them_altered(
    aubin: Town, julien: Visitor, lucie: FedifyPeer
) -> None:
    note = lucie.post("<p>Bonjour</p>", to="named", named=[julien.address])["id"]
    names = {"me": julien.uri, "house": f"{aubin.url}/ap/instance", "note": note}
    said = json.loads(
        aubin.sh(LETTERS.format(**names, inbox=f"{lucie.origin}/inbox", elsewhere=f"{lucie.origin}/users/lucie/inbox"))
    )
    refused = dict.fromkeys(("another body", "another address", "another actor", "another key id"), 401)
    assert said == {family: {"as signed": 202, **refused} for family in ("signatures", "message_signatures")}
    assert [one["spec"] for one in lucie.received("Like")] == [CAVAGE, RFC9421]
    assert len(lucie.state()["reactions"]) == 2


def test_we_refuse_a_changed_key_until_its_house_is_asked_again(aubin: Town, julien: Visitor, marc: FedifyPeer) -> None:
    """A house is asked for its key at most every five minutes, or anyone could make us ask without end."""
    follow(julien, marc)
    marc.post("<p>Avec ma clé</p>")
    julien.sees("/", "Avec ma clé")

    marc.replace_keys()
    before = len(marc.state()["calls"])
    with pytest.raises(PeerFailed):
        marc.post("<p>Avec une autre clé</p>")
    knocks = [(one["method"], one["spec"], one["status"]) for one in marc.state()["calls"][before:]]
    assert knocks == [("POST", CAVAGE, 401), ("POST", RFC9421, 401)]
    assert aubin.ask("Receipt.objects.filter(activity__icontains='Avec une autre').count()") == 0

    forget_when_asked(aubin, marc)
    marc.post("<p>Ma nouvelle clé</p>")
    julien.sees("/", "Ma nouvelle clé")


def forget_when_asked(town: Town, peer: FedifyPeer) -> None:
    """As if the town had asked for the key of this peer a while ago."""
    town.sh(f"""
        from datetime import timedelta
        from django.utils.timezone import now
        Key.objects.filter(owner_uri={peer.actor!r}).update(fetched_at=now() - timedelta(minutes=6))
    """)


def follow(julien: Visitor, peer: FedifyPeer) -> None:
    search = julien.get("/personnes/")
    page = julien.get(julien.send(search, search.form("/personnes/"), q=peer.handle).link(f"of {peer.host}"))
    julien.send(page, page.form("/suivre/"))
    julien.sees(page.path, "ne plus suivre")


def test_we_take_what_fedify_signs_by_rfc_9421_at_the_first_knock(aubin: Town, julien: Visitor) -> None:
    with FedifyPeer("anne", first_knock=RFC9421, ed25519=True) as anne:
        put_on_the_list(aubin, anne)
        anne.follow(julien.address)
        anne.wait_for(lambda peer: peer.following(julien.address) == "accepted")
        anne.knock(aubin.url, RFC9421)
        anne.post("<p>Signé à la nouvelle façon</p>", to="named", named=[julien.address])
        julien.sees("/", "Signé à la nouvelle façon")
        uri = write_to(julien, anne, "Lisez à la nouvelle façon")
        assert "Lisez" in anne.fetch(uri)["content"]
        calls = [one for one in anne.state()["calls"] if one["spec"] == RFC9421]
        # Of the address of a key, Fedify signs the fragment too, which it does not send: nobody could verify that.
        assert {(one["method"], one["status"]) for one in calls if "#" not in one["url"]} == {
            ("GET", 200),
            ("POST", 202),
        }


def test_what_fedify_does_not_sign_is_refused_and_leaves_no_trace(
    aubin: Town, julien: Visitor, lucie: FedifyPeer
) -> None:
    note = {"id": f"{lucie.origin}/users/lucie/notes/1", "type": "Note", "attributedTo": lucie.actor, "to": julien.uri}
    create = {"id": f"{note['id']}#create", "type": "Create", "actor": lucie.actor, "to": julien.uri, "object": note}
    body = json.dumps({"@context": "https://www.w3.org/ns/activitystreams", **create}).encode()
    assert aubin.call("POST", "/ap/inbox", body, {"Content-Type": "application/activity+json"})[0] == 401
    assert aubin.ask(f"Receipt.objects.filter(uri={create['id']!r}).count()") == 0


def test_a_house_in_trouble_receives_the_letter_later_and_once(aubin: Town, julien: Visitor, lucie: FedifyPeer) -> None:
    lucie.fail(503)
    uri = write_to(julien, lucie, "Pendant la panne")
    assert tried(aubin, uri) == {"state": "waiting", "answer": "503"}
    assert lucie.note(uri) is None

    try_again_now(aubin)
    lucie.wait_for(lambda peer: peer.note(uri))
    assert tried(aubin, uri, 2)["state"] == "sent"
    assert [one["outcome"] for one in lucie.received("Create") if one["object"]["id"] == uri] == ["kept"]


def test_a_house_that_is_down_receives_post_and_edit_in_their_order_when_it_is_back(
    aubin: Town, julien: Visitor, marc: FedifyPeer
) -> None:
    follow(julien, marc)
    marc.stop()
    uri = write_to(julien, marc, "Écrit pendant la nuit")
    path = f"/p/{uri.rpartition('/')[2]}/"
    page = julien.get(f"{path}modifier/")
    julien.send(page, page.form(words="Enregistrer"), text="Corrigé pendant la nuit")
    theirs = f"Delivery.objects.filter(dispatch__object_uri={uri!r}).exclude(host={aubin.host!r})"
    aubin.wait_until(
        f"list({theirs}.order_by('pk').values_list('attempts', 'state')) == [(1, 'waiting'), (0, 'waiting')]"
    )

    forget_when_asked(aubin, marc)  # whose keys are new whenever it starts
    with FedifyPeer("marc", marc.port) as back:
        try_again_now(aubin)
        back.wait_for(lambda peer: peer.received("Update"))
        assert [one["type"] for one in back.received()] == ["Create", "Update"]
        note = back.note(uri)
        assert note is not None and "Corrigé" in note["content"]
        aubin.wait_until(f"not {theirs}.exclude(state='sent').exists()")
