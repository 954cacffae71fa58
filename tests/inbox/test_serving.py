"""What a signed reader is shown, and what nobody else is."""

import pytest

from actors.models import Block
from outbox import publishing
from outbox.audience import Reach
from outbox.publishing import Draft

pytestmark = pytest.mark.django_db


@pytest.mark.row(79)
@pytest.mark.parametrize(
    ("code", "by_house", "by_lucie", "by_stranger"),
    [
        ("organisation", 404, 404, 403),
        ("service", 404, 404, 403),
        ("partners", 200, 200, 403),
        ("chosen_partners", 200, 200, 403),
        ("followers", 404, 404, 403),
        ("named", 404, 404, 403),
    ],
)
def test_a_post_is_shown_to_those_entitled(vernay, stranger, julien, client, code, by_house, by_lucie, by_stranger):
    reach = Reach(code, service=julien.service, houses=(vernay.peer,), named=(julien,))
    post = publishing.publish(julien, Draft("canari"), reach)
    for path in (post.uri, f"{post.uri}/replies", f"http://localhost:8000/ap/activities/{post.ulid}"):
        assert vernay.get(client, path).status_code == by_house
        assert vernay.get(client, path, signer=vernay.lucie).status_code == by_lucie
        assert stranger.get(client, path).status_code == by_stranger
        assert client.get(path[21:]).status_code == 401


def test_followers_and_named_readers_are_shown_what_is_theirs(vernay, julien, lucie, follows, client):
    follows(lucie, julien)
    for reach in (Reach("followers"), Reach("named", named=(lucie,))):
        post = publishing.publish(julien, Draft("canari"), reach)
        answer = vernay.get(client, post.uri, signer=vernay.lucie)
        assert (answer.status_code, answer.json()["content"]) == (200, "<p>canari</p>\n")
        assert vernay.get(client, post.uri).status_code == 200
        assert answer["Cache-Control"] == "private, no-store"


def test_the_outbox_holds_what_this_reader_may_read(vernay, julien, client):
    publishing.publish(julien, Draft("dedans"), Reach("organisation"))
    publishing.publish(julien, Draft("dehors"), Reach("partners"))
    items = vernay.get(client, julien.outbox).json()["orderedItems"]
    assert [each["object"]["source"]["content"] for each in items] == ["dehors"]


def test_without_a_signature_an_actor_is_only_a_key_and_an_inbox(julien, client):
    shown = client.get(julien.uri[21:]).json()
    assert "name" not in shown
    assert shown["publicKey"]["owner"] == julien.uri


def test_a_signed_reader_sees_the_whole_actor(vernay, julien, client):
    shown = vernay.get(client, julien.uri).json()
    assert (shown["name"], shown["occupation"]) == ("Julien Mercier", "Jardinier")


def test_a_blocked_reader_meets_nobody(vernay, julien, lucie, client):
    Block.objects.create(actor=julien, target=lucie)
    assert vernay.get(client, julien.uri, signer=vernay.lucie).status_code == 404


def test_the_directory_and_the_list_of_partners_are_for_partners(vernay, stranger, julien, helene, client):
    from actors.models import Actor

    Actor.objects.filter(pk=helene.pk).update(discoverable=False)
    shown = vernay.get(client, "http://localhost:8000/ap/instance/directory").json()
    assert [each["name"] for each in shown["first"]["items"]] == ["Espaces verts", "Julien Mercier"]
    followers = vernay.get(client, "http://localhost:8000/ap/instance/followers").json()
    assert followers["orderedItems"] == [vernay.house]
    for name in ("directory", "followers"):
        assert stranger.get(client, f"http://localhost:8000/ap/instance/{name}").status_code == 403
        assert client.get(f"/ap/instance/{name}").status_code == 401


def test_only_activitypub_is_spoken_here(julien, client):
    assert client.get(julien.uri[21:], headers={"accept": "text/html"}).status_code == 406


def test_webfinger_answers_for_ours_only(julien, client):
    found = client.get("/.well-known/webfinger?resource=acct:julien.mercier@localhost:8000").json()
    assert found["links"][0]["href"] == julien.uri
    assert client.get("/.well-known/webfinger?resource=acct:nobody@localhost:8000").status_code == 404
    assert client.get("/.well-known/webfinger?resource=acct:julien.mercier@elsewhere.example").status_code == 404
    assert client.get("/.well-known/webfinger").status_code == 400


def test_nodeinfo_tells_nothing_of_activity(julien, client):
    href = client.get("/.well-known/nodeinfo").json()["links"][0]["href"]
    about = client.get(href[21:]).json()
    assert (about["software"]["name"], about["usage"]) == ("preau", {"users": {"total": 1}})


def test_host_meta_points_at_webfinger(client):
    assert b"webfinger?resource={uri}" in client.get("/.well-known/host-meta").content
