"""Julien, whose town runs Préau, follows Lucie, whose town runs Fedify, and reads her posts."""

import io
from base64 import b64encode

import pytest
from PIL import Image

from tests.peers.conftest import jpeg, put_on_the_list
from tests.peers.fedify_peer import CAVAGE, MISSING, FedifyPeer, installed
from tests.peers.visitor import Visitor
from tests.towns import Town

pytestmark = [pytest.mark.peer, pytest.mark.skipif(not installed(), reason=MISSING)]
PLANTED = "Le massif de la gare est planté"
MULCHED = "Le massif de la gare est planté et paillé"
PICTURE = "Un massif de vivaces devant la gare"
FOLLOWED = "ne plus suivre Lucie"


@pytest.fixture(scope="module")
def profile(julien: Visitor, lucie: FedifyPeer) -> str:
    """Her page at Saint-Aubin, as Julien finds it by her address."""
    search = julien.get("/personnes/")
    found = julien.send(search, search.form("/personnes/"), q=lucie.handle)
    return found.link("Lucie of")


@pytest.fixture(scope="module")
def followed(julien: Visitor, profile: str) -> str:
    page = julien.get(profile)
    julien.send(page, page.form("/suivre/"))
    return julien.sees(profile, FOLLOWED).path


@pytest.fixture(scope="module")
def note(lucie: FedifyPeer, followed: str) -> str:
    image = {"base64": b64encode(jpeg()).decode(), "mediaType": "image/jpeg", "description": PICTURE}
    return lucie.post(f"<p>{PLANTED}</p>", image=image)["id"]


@pytest.fixture(scope="module")
def reply(julien: Visitor, lucie: FedifyPeer, note: str) -> str:
    """What Julien answers to her note, as her town knows it."""
    thread = julien.get(julien.sees("/", PLANTED).link("Répondre"))
    julien.send(thread, thread.form("/publier/", "Répondre"), text="Combien de plants au **mètre carré** ?")
    return lucie.wait_for(lambda peer: [one["object"]["id"] for one in peer.received("Create")])[0]


def test_a_house_of_other_software_is_put_on_the_list(aubin: Town) -> None:
    with FedifyPeer("anne") as anne:
        host = f"127.0.0.1:{anne.port}"
        assert aubin.manage("peers", "add", host).startswith(host)
        assert aubin.ask(
            f"Peer.objects.filter(host={host!r}).values_list('state', 'speaks_preau', 'agent_count')[0]"
        ) == ["active", False, 1]


def test_julien_finds_lucie_and_follows_her(julien: Visitor, lucie: FedifyPeer, followed: str) -> None:
    (follow,) = lucie.received("Follow")
    assert (follow["actor"], follow["object"]) == (julien.uri, lucie.actor)
    assert (follow["keyId"], follow["spec"]) == (f"{julien.uri}#main-key", CAVAGE)
    assert lucie.state()["followers"] == [julien.uri]


def test_her_post_is_in_his_home_within_five_seconds_with_its_photo(
    aubin: Town, julien: Visitor, lucie: FedifyPeer, note: str
) -> None:
    home = julien.sees("/", lambda page: PLANTED in page and page.image(PICTURE), seconds=5)
    image = home.image(PICTURE)
    assert image.startswith("/medias/"), "served by our own house"
    shown = julien.sees(image, lambda page: page.status == 200)
    assert Image.open(io.BytesIO(shown.body)).format == "WEBP"
    assert aubin.call("GET", image)[0] == 404, "to a stranger"


def test_our_house_fetched_the_photo_with_its_own_signature(aubin: Town, lucie: FedifyPeer, note: str) -> None:
    (fetched,) = lucie.wait_for(lambda peer: [one for one in peer.state()["fetched"] if "/media/" in one["path"]])
    assert (fetched["status"], fetched["keyId"]) == (200, f"{aubin.url}/ap/instance#main-key")


def test_he_replies_and_she_receives_it_once_signed_by_him(
    julien: Visitor, lucie: FedifyPeer, note: str, reply: str
) -> None:
    (create,) = lucie.received("Create")
    assert (create["actor"], create["keyId"], create["outcome"]) == (julien.uri, f"{julien.uri}#main-key", "kept")
    known = lucie.note(reply)
    assert known is not None
    assert (known["inReplyTo"], known["actor"], known["to"]) == (note, julien.uri, [lucie.actor])
    assert "<strong>mètre carré</strong>" in known["content"]


def test_she_finds_his_reply_useful_and_he_is_told(julien: Visitor, lucie: FedifyPeer, reply: str) -> None:
    like = lucie.like(reply)
    told = julien.sees("/notifications/", "a trouvé utile votre publication")
    assert "Lucie of" in told and "Combien de plants" in told
    lucie.undo(like["id"])
    julien.town.wait_until(f"not Like.objects.filter(post__uri={reply!r}).exists()")


def test_he_finds_her_post_useful_and_takes_it_back(julien: Visitor, lucie: FedifyPeer, note: str) -> None:
    path = julien.town.ask(f"Post.objects.get(uri={note!r}).path")
    page = julien.get(path)
    julien.send(page, page.form(f"{path}utile/"))
    (like,) = lucie.wait_for(lambda peer: [one for one in peer.received("Like") if one["object"] == note])
    assert (like["actor"], like["outcome"]) == (julien.uri, "kept")

    page = julien.get(path)
    julien.send(page, page.form(f"{path}utile/"))
    lucie.wait_for(lambda peer: [one for one in peer.received("Undo") if one["outcome"] == "Like undone"])


def test_she_edits_and_he_sees_the_edit_and_its_history(julien: Visitor, lucie: FedifyPeer, note: str) -> None:
    lucie.update(note, f"<p>{MULCHED}</p>")
    home = julien.sees("/", MULCHED)
    history = julien.get(home.link("Modifiée"))
    assert f"{MULCHED} Version d’avant" in history
    assert history.text.count(PLANTED) == 2, "the version before, and the present one, which begins the same"


def test_she_deletes_and_it_is_gone_with_its_image_file(
    aubin: Town, julien: Visitor, lucie: FedifyPeer, note: str, reply: str
) -> None:
    home = julien.sees("/", PLANTED)
    image = home.image(PICTURE)
    files = aubin.ask(f"[f.path for a in Attachment.objects.filter(post__uri={note!r}) for f in (a.file, a.thumbnail)]")
    assert len(files) == 2 and all(aubin.ask(f"__import__('os').path.exists({each!r})") for each in files)

    lucie.delete(note)
    julien.sees("/", lambda page: PLANTED not in page)
    assert julien.get(image).status == 404
    aubin.wait_until(f"not any(__import__('os').path.exists(path) for path in {files!r})")
    assert aubin.ask(f"Version.objects.filter(post__uri={note!r}).count()") == 0
    assert aubin.ask(f"Post.objects.filter(html__contains={PLANTED!r}).count()") == 0
    assert julien.get(aubin.ask(f"Post.objects.get(uri={reply!r}).path")).status == 200, "his own words stay his"


def test_he_stops_following_her_and_her_house_is_told(julien: Visitor, lucie: FedifyPeer, followed: str) -> None:
    page = julien.get(followed)
    page = julien.send(page, page.form("/ne-plus-suivre/"))
    assert FOLLOWED not in page
    lucie.wait_for(lambda peer: [one for one in peer.received("Undo") if one["outcome"] == "follower left"])
    assert lucie.state()["followers"] == []
    page = julien.get(followed)
    julien.send(page, page.form("/suivre/"))
    julien.sees(followed, FOLLOWED)
    assert lucie.state()["followers"] == [julien.uri]


def test_a_house_that_refuses_is_believed(aubin: Town, julien: Visitor) -> None:
    with FedifyPeer("nina", on_follow="reject") as nina:
        put_on_the_list(aubin, nina)
        search = julien.get("/personnes/")
        page = julien.get(julien.send(search, search.form("/personnes/"), q=nina.handle).link("Nina of"))
        julien.send(page, page.form("/suivre/"))
        nina.wait_for(lambda peer: peer.state()["sent"] and peer.state()["sent"][-1]["delivered"])
        aubin.wait_until(f"Follow.objects.get(followed__uri={nina.actor!r}).state == 'refused'")
        assert "Demande envoyée" not in julien.get(page.path)


def test_a_name_that_nobody_bears_and_a_house_that_is_no_partner_are_told_apart(
    julien: Visitor, lucie: FedifyPeer
) -> None:
    host = lucie.handle.rpartition("@")[2]
    assert f"Personne ne porte le nom @personne@{host}" in julien.get(f"/personnes/?q=%40personne%40{host}")
    assert "n’est pas une collectivité partenaire" in julien.get("/personnes/?q=%40lucie%40ailleurs.localhost:9")
