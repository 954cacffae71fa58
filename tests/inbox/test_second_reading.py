"""Faults that a second reading found, each with the test that would have."""

import contextlib
import json

import pytest

from actors import arrivals, directory, following, neighbours
from federation.models import Delivery, Key, Peer
from inbox.models import Receipt
from outbox import audience, posts, publishing, reactions
from outbox.audience import Reach
from outbox.models import Boost, Like, Post
from outbox.publishing import Draft
from tests.federation.owing import leaving
from tests.neighbour import CONTEXT, Neighbour, key_pair
from tests.world import introduce

pytestmark = pytest.mark.django_db


def test_directory_of_one_house_rewrites_anothers_key(vernay, julien, lucie):
    evil = Neighbour()
    introduce(evil)
    _, pem = key_pair(60)
    forged = dict(vernay.documents["/users/lucie"])
    forged["publicKey"] = {**forged["publicKey"], "publicKeyPem": pem}
    evil.documents["/dir"] = {"@context": CONTEXT, "id": f"{evil.origin}/dir", "type": "Collection", "items": [forged]}
    directory.key(vernay.lucie + "#main-key")
    neighbours.learn_directory(Peer.objects.get(host=evil.host), f"{evil.origin}/dir")
    assert Key.objects.get(uri=vernay.lucie + "#main-key").public_pem != pem


def test_directory_rewrites_ours(vernay, julien):
    _, pem = key_pair(60)
    forged = {
        "@context": CONTEXT,
        "id": julien.uri,
        "type": "Person",
        "preferredUsername": "julien.mercier",
        "name": "Pirate",
        "inbox": julien.inbox,
        "publicKey": {"id": julien.uri + "#main-key", "owner": julien.uri, "publicKeyPem": pem},
    }
    vernay.documents["/dir"] = {
        "@context": CONTEXT,
        "id": f"{vernay.origin}/dir",
        "type": "Collection",
        "items": [forged],
    }
    neighbours.learn_directory(vernay.peer, f"{vernay.origin}/dir")
    julien.refresh_from_db()
    assert julien.name == "Julien Mercier"
    assert Key.objects.get(uri=julien.uri + "#main-key").public_pem != pem


def test_undo_announce_leaves_like(settings, vernay, julien, lucie, client, work):
    settings.PUBLIC_POSTS = True
    post = publishing.publish(julien, Draft("bonjour"), Reach("public"))
    like = vernay.activity("Like", vernay.lucie, post.uri)
    boost = vernay.activity("Announce", vernay.lucie, post.uri)
    for each in (like, boost):
        vernay.post(client, each)
    work()
    assert (Like.objects.count(), Boost.objects.count()) == (1, 1)
    vernay.post(client, vernay.activity("Undo", vernay.lucie, boost))
    work()
    assert (Like.objects.count(), Boost.objects.count()) == (1, 0)


def test_delete_first(vernay, julien, lucie, client, work):
    created = vernay.create(vernay.lucie, [julien.uri])
    vernay.post(client, vernay.activity("Delete", vernay.lucie, created["object"]["id"]))
    work()
    vernay.post(client, created)
    work()
    assert not Post.objects.exists()


def test_boost_goes_to_boosters_followers(settings, vernay, julien, helene, lucie, follows):
    settings.PUBLIC_POSTS = True
    follows(lucie, helene)
    post = publishing.publish(julien, Draft("bonjour"), Reach("public"))
    reactions.boost(helene, post)
    hosts = [d.host for d in Delivery.objects.filter(dispatch__document__type="Announce")]
    assert vernay.host in hosts


def test_erased_text_is_nowhere(vernay, julien, lucie, work):
    post = publishing.publish(julien, Draft("le secret du jardin"), Reach("partners"))
    work()
    publishing.withdraw(julien, post)
    work()
    assert not [d.pk for d in Delivery.objects.all() if "secret du jardin" in json.dumps(d.dispatch.document)]


def test_erased_remote_text_is_nowhere(vernay, julien, lucie, client, work):
    created = vernay.create(vernay.lucie, [julien.uri], "<p>secret</p>")
    vernay.post(client, created)
    work()
    vernay.post(client, vernay.activity("Delete", vernay.lucie, created["object"]["id"]))
    work()
    assert not [r.pk for r in Receipt.objects.all() if "secret" in json.dumps(r.activity)]


def test_reply_mention_does_not_widen(vernay, julien, helene, lucie, work):
    third = arrivals.invite("Tiers Exclu").actor
    parent = publishing.publish(helene, Draft("entre nous"), Reach("named", named=(julien,)))
    reply = publishing.publish(julien, Draft("@tiers.exclu regarde"), audience.of_reply(parent, julien), parent)
    assert not posts.readable_by(third).filter(pk=reply.pk).exists()


def test_reply_to_own_followers_post(julien):
    parent = publishing.publish(julien, Draft("à vous"), Reach("followers"))
    publishing.publish(julien, Draft("suite"), audience.of_reply(parent, julien), parent)


def test_reply_to_public_post_of_other_software(julien, client, work, aubin):
    house = Neighbour(preau=False)
    house.bob = house.add_actor("bob")
    introduce(house)
    Peer.objects.filter(host=house.host).update(partner_hosts=[])
    house.post(client, house.create(house.bob, ["https://www.w3.org/ns/activitystreams#Public"]))
    work()
    parent = Post.objects.get()
    publishing.publish(julien, Draft("bonjour"), audience.of_reply(parent, julien), parent)


def test_mention_tag_gives_no_access(vernay, julien, helene, client, work):
    tag = {"type": "Mention", "href": helene.uri, "name": "@helene"}
    vernay.post(client, vernay.create(vernay.lucie, [julien.uri], tag=[tag]))
    work()
    assert not posts.readable_by(helene).exists()


def test_type_list_in_actor(vernay, julien, client):
    vernay.documents["/users/lucie"]["type"] = ["Person"]
    client.raise_request_exception = False
    r = vernay.post(client, vernay.create(vernay.lucie, [julien.uri]))
    assert r.status_code < 500 or r.status_code == 503, r.status_code


def test_http_attachment_does_not_lose_the_post(settings, vernay, julien, client, work):
    image = {"type": "Image", "mediaType": "image/png", "url": "http://exa mple/photo.png", "name": "x"}
    vernay.post(client, vernay.create(vernay.lucie, [julien.uri], attachment=[image]))
    work()
    assert Post.objects.count() == 1, Receipt.objects.get().reason


def test_follow_then_undo_keep_order(vernay, julien, lucie, work):
    vernay.status = 503
    following.ask(julien, lucie)
    work()
    following.leave(julien, lucie)
    vernay.status = 202
    assert leaving() == [], "the Undo overtakes the Follow"


def test_application_bot_reads_for_nobody(vernay, julien, lucie):
    house = Neighbour(preau=False)
    bob = house.add_actor("bob")
    bot = house.add_actor("bot", "Application")
    introduce(house)
    bob, bot = directory.find(bob), directory.find(bot)
    post = publishing.publish(julien, Draft("pour bob"), Reach("named", named=(bob,)))
    assert not posts.readable_by(bot).filter(pk=post.pk).exists()


def test_hostile_nodeinfo(vernay, aubin):
    vernay.documents["/.well-known/nodeinfo"] = (
        "application/json",
        json.dumps({"links": [{"rel": "x", "href": f"{vernay.origin}/ni"}]}).encode(),
    )
    vernay.documents["/ni"] = ("application/json", json.dumps({"usage": [], "metadata": {}}).encode())
    from federation.errors import FederationError

    with contextlib.suppress(FederationError):
        neighbours.learn(vernay.peer)


def test_language_travels(vernay, julien):
    from outbox import documents

    post = publishing.publish(julien, Draft("hello", language="en"), Reach("partners"))
    assert "en" in json.dumps(documents.post_document(post).get("contentMap", {}))


def test_instance_collections_exist(client, aubin):
    doc = client.get("/ap/instance").json()
    for name in ("outbox", "following", "featured"):
        assert client.get(doc[name].replace("http://localhost:8000", "")).status_code != 404, name


def test_suspension_survives_learning(vernay, aubin, monkeypatch):
    from federation import http, peers

    vernay.documents["/.well-known/nodeinfo"] = (
        "application/json",
        json.dumps(
            {"links": [{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.1", "href": f"{vernay.origin}/ni"}]}
        ).encode(),
    )
    vernay.documents["/ni"] = ("application/json", json.dumps({"usage": {}, "metadata": {}}).encode())
    real = http.get

    def get(url, **k):
        answer = real(url, **k)
        if url.endswith("/ni"):
            peers.suspend(Peer.objects.get(host=vernay.host))
        return answer

    monkeypatch.setattr(http, "get", get)
    from federation.errors import FederationError

    with contextlib.suppress(FederationError):
        neighbours.learn(Peer.objects.get(host=vernay.host))
    assert Peer.objects.get(host=vernay.host).state == "suspended"


def test_one_poisoned_medium_does_not_stop_the_others(vernay, julien, lucie, client, work, monkeypatch):
    from outbox import fetched_media
    from outbox.models import Attachment
    from tests.inbox.test_arriving import picture

    vernay.documents["/a.png"] = ("image/png", b"poison")
    vernay.documents["/b.png"] = ("image/png", picture())
    real = fetched_media.decode

    def decode(data):
        if data == b"poison":
            raise IndexError("a decoder's own fault")
        return real(data)

    monkeypatch.setattr(fetched_media, "decode", decode)
    images = [{"type": "Image", "mediaType": "image/png", "url": f"{vernay.origin}/{n}.png"} for n in "ab"]
    vernay.post(client, vernay.create(vernay.lucie, [julien.uri], attachment=images))
    for _ in range(3):
        with contextlib.suppress(IndexError):
            work()
    assert Attachment.objects.filter(state="kept").count() == 1
