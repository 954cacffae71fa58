"""Lucie, whose town runs Fedify, follows Julien, whose town runs Préau: what she receives, and what she never does."""

import json
from collections.abc import Iterator

import pytest

from tests.peers.conftest import jpeg, put_on_the_list
from tests.peers.fedify_peer import CAVAGE, MISSING, FedifyPeer, PeerFailed, installed
from tests.peers.visitor import Visitor
from tests.towns import Town

pytestmark = [pytest.mark.peer, pytest.mark.skipif(not installed(), reason=MISSING)]
PLANTED = "Les jardinières du marché sont prêtes"
WATERED = "Les jardinières du marché sont prêtes et arrosées"
PICTURE = "Trois jardinières devant la halle"


@pytest.fixture(scope="module")
def asked(julien: Visitor, lucie: FedifyPeer) -> str:
    """Her request to follow him, accepted at once."""
    follow = lucie.follow(julien.address)["follow"]
    lucie.wait_for(lambda peer: peer.following(julien.address) == "accepted")
    return follow


@pytest.fixture(scope="module")
def post(julien: Visitor, lucie: FedifyPeer, asked: str) -> str:
    """What Julien publishes for those who follow him, once it is at Lucie's."""
    julien.publish(f"{PLANTED} #fleurissement", "followers", jpeg(), PICTURE)
    return lucie.wait_for(lambda peer: created(peer, PLANTED))[0]


def created(peer: FedifyPeer, words: str) -> list[str]:
    """The posts of which the peer received a Create, once for each time."""
    return [one["object"]["id"] for one in peer.received("Create") if words in one["object"]["content"]]


def path_of(post: str) -> str:
    """Where people read a post of ours."""
    return f"/p/{post.rpartition('/')[2]}/"


def refusal(peer: FedifyPeer, uri: str, *, signed: bool = True) -> int:
    """The status with which a document is refused."""
    with pytest.raises(PeerFailed) as refused:
        peer.fetch(uri, signed=signed)
    return int(refused.value.entry["status"])


def test_she_follows_him_and_is_accepted_at_once(julien: Visitor, lucie: FedifyPeer, asked: str) -> None:
    (accept,) = lucie.received("Accept")
    assert (accept["actor"], accept["keyId"], accept["outcome"]) == (julien.uri, f"{julien.uri}#main-key", "accepted")
    assert accept["object"]["id"] == asked
    julien.sees("/notifications/", lambda page: "Lucie of" in page and "vous suit" in page)


def test_what_he_writes_to_his_followers_arrives_once(julien: Visitor, lucie: FedifyPeer, post: str) -> None:
    (create,) = lucie.received("Create")
    assert (create["path"], create["spec"], create["keyId"]) == ("/inbox", CAVAGE, f"{julien.uri}#main-key")
    note = lucie.note(post)
    assert note is not None
    assert (note["actor"], note["to"]) == (julien.uri, [f"{julien.uri}/followers"])
    assert PLANTED in note["content"]
    (image,) = create["object"]["attachment"]
    assert (image["name"], image["mediaType"]) == (PICTURE, "image/webp")


def test_she_reads_the_post_at_its_own_address_when_she_signs(aubin: Town, lucie: FedifyPeer, post: str) -> None:
    document = lucie.fetch(post)
    assert PLANTED in document["content"]
    assert refusal(lucie, post, signed=False) == 401
    media = document["attachment"][0]["url"].removeprefix(aubin.url)
    assert aubin.call("GET", media)[0] == 404


def test_another_town_on_the_list_may_not_read_it(aubin: Town, post: str) -> None:
    with FedifyPeer("marc") as marc:
        assert refusal(marc, post) == 403, "not on the list"
        put_on_the_list(aubin, marc)
        assert refusal(marc, post) == 404, "on the list, but nobody there follows him"


def test_she_finds_it_useful_and_answers_and_he_is_told(julien: Visitor, lucie: FedifyPeer, post: str) -> None:
    lucie.like(post)
    lucie.post("<p>Elles sont superbes</p>", to="named", named=[julien.address], in_reply_to=post)
    julien.sees("/notifications/", "a trouvé utile votre publication")
    julien.sees("/notifications/", "a répondu à votre publication")
    assert "Elles sont superbes" in julien.get(path_of(post))


def test_she_may_not_share_what_he_wrote_to_his_followers(aubin: Town, lucie: FedifyPeer, post: str) -> None:
    announce = lucie.announce(post)["id"]
    aubin.wait_until(f"Receipt.objects.get(uri={announce!r}).state == 'ignored'")
    assert aubin.ask(f"Boost.objects.filter(post__uri={post!r}).count()") == 0


def test_his_edit_arrives(julien: Visitor, lucie: FedifyPeer, post: str) -> None:
    page = julien.get(f"{path_of(post)}modifier/")
    julien.send(page, page.form(words="Enregistrer"), text=f"{WATERED} #fleurissement")
    lucie.wait_for(lambda peer: WATERED in (peer.note(post) or {"content": ""})["content"])
    assert WATERED in lucie.fetch(post)["content"]


@pytest.fixture
def vernay(aubin: Town) -> Iterator[str]:
    """A partner that runs Préau and does not answer today: with it, "all partners" can be chosen at all."""
    host = "vernay.localhost:9"
    columns = {"host": host, "state": "active", "speaks_preau": True, "shared_inbox": f"http://{host}/ap/inbox"}
    aubin.sh(f"Peer.objects.create(**{columns!r})")
    yield host
    aubin.sh(f"Delivery.objects.filter(host={host!r}).delete(); Peer.objects.filter(host={host!r}).delete()")


@pytest.mark.parametrize("audience", ["organisation", "partners"])
def test_what_is_not_for_her_never_reaches_her_even_when_it_names_her(
    aubin: Town, julien: Visitor, lucie: FedifyPeer, asked: str, vernay: str, audience: str
) -> None:
    """Her house does not declare our profile: it is no partner for the audience of partners."""
    secret = f"Entre nous, pour {audience}"
    julien.publish(f"{secret} {lucie.handle}", audience, mention_demande="1")
    julien.publish(f"Après, pour tous ceux qui me suivent ({audience})", "followers")
    lucie.wait_for(lambda peer: created(peer, f"qui me suivent ({audience})"))

    uri = aubin.ask(f"Post.objects.get(source__startswith={secret!r}).uri")
    aubin.wait_until(f"not Delivery.objects.filter(host={aubin.host!r}, state='waiting').exists()")
    owed = set(aubin.ask(f"list(Delivery.objects.filter(dispatch__object_uri={uri!r}).values_list('host', flat=True))"))
    assert owed - {aubin.host} == ({vernay} if audience == "partners" else set())
    assert secret not in json.dumps([lucie.received(), lucie.refused(), lucie.state()], ensure_ascii=False)
    assert refusal(lucie, uri) == 404


def test_without_a_partner_that_runs_preau_that_audience_is_not_offered(julien: Visitor, lucie: FedifyPeer) -> None:
    page = julien.get("/publier/")
    refused = julien.send(page, page.form("/publier/"), text="Pour tous", audience="partners")
    assert refused.status == 422


def test_what_he_withdraws_is_gone_there_too(julien: Visitor, lucie: FedifyPeer, post: str) -> None:
    page = julien.get(f"{path_of(post)}retirer/")
    julien.send(page, page.form(words="Retirer la publication"))
    lucie.wait_for(lambda peer: post in peer.state()["deleted"])
    assert lucie.note(post) is None
    assert refusal(lucie, post) == 410


def test_she_stops_following_and_receives_nothing_more(
    aubin: Town, julien: Visitor, lucie: FedifyPeer, asked: str
) -> None:
    lucie.undo(asked)
    aubin.wait_until(f"Follow.objects.get(uri={asked!r}).state == 'undone'")
    julien.publish("Elle ne me suit plus", "followers")
    uri = aubin.ask("Post.objects.get(source='Elle ne me suit plus').uri")
    assert set(
        aubin.ask(f"list(Delivery.objects.filter(dispatch__object_uri={uri!r}).values_list('host', flat=True))")
    ) <= {aubin.host}
    assert refusal(lucie, uri) == 404


@pytest.fixture
def choosing(julien: Visitor) -> Iterator[None]:
    """Julien chooses himself who follows him, for a while."""
    answer_by_hand(julien, {"approves_followers": "on"})
    yield
    answer_by_hand(julien, {})


def answer_by_hand(julien: Visitor, values: dict[str, str]) -> None:
    page = julien.get("/reglages/profil/")
    form = page.form(words="Enregistrer")
    form.fields = [(name, value) for name, value in form.fields if name != "approves_followers"]
    assert "Profil enregistré." in julien.send(page, form, **values)


@pytest.mark.parametrize(
    ("button", "kind", "state", "stands"),
    [("Accepter", "Accept", "accepted", "accepted"), ("Refuser", "Reject", "rejected", "refused")],
)
def test_he_answers_her_request_by_hand(
    julien: Visitor, lucie: FedifyPeer, choosing: None, button: str, kind: str, state: str, stands: str
) -> None:
    asked = lucie.follow(julien.address)["follow"]
    julien.sees("/notifications/", "demande à vous suivre")
    page = julien.sees("/demandes/", "Lucie of")
    assert lucie.following(julien.address) == "pending"

    julien.send(page, page.form("/demandes/", button))
    lucie.wait_for(lambda peer: peer.following(julien.address) == state)
    assert [one["outcome"] for one in lucie.received(kind) if one["object"]["id"] == asked] == [state]
    assert julien.town.ask(f"Follow.objects.get(uri={asked!r}).state") == stands
    if state == "accepted":
        lucie.undo(asked)
        julien.town.wait_until(f"Follow.objects.get(uri={asked!r}).state == 'undone'")
