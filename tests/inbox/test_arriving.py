"""What arrives at our door, through the door."""

import pytest

from actors import following
from actors.models import Actor, Follow
from federation.models import Peer
from inbox import timelines
from inbox.models import Notification, Receipt
from outbox.models import Attachment, Post

pytestmark = pytest.mark.django_db


def follow(house, client, followed):
    return house.post(client, house.activity("Follow", house.lucie, followed.uri))


def test_a_post_to_a_named_reader_is_kept_and_she_is_told(vernay, julien, client, work):
    assert (
        vernay.post(client, vernay.create(vernay.lucie, [julien.uri], "<p>bonjour <script>x</script></p>")).status_code
        == 202
    )
    work()
    post = Post.objects.get()
    assert (post.audience, post.html, post.local) == ("named", "<p>bonjour </p>", False)
    assert Notification.objects.get().reader == julien
    assert [each.pk for each in timelines.page(julien, "")[0]] == [post.pk]


def test_a_post_to_all_partners_is_read_by_all_of_us(vernay, julien, helene, client, work):
    vernay.post(client, vernay.create(vernay.lucie, [vernay.followers()]))
    work()
    for reader in (julien, helene):
        assert len(timelines.page(reader, "partenaires")[0]) == 1
    assert timelines.page(julien, "")[0] == []


def test_an_unknown_collection_is_nobody_s(vernay, julien, client, work):
    vernay.post(client, vernay.create(vernay.lucie, [f"{vernay.origin}/collections/all"]))
    work()
    assert not Post.objects.exists()
    assert Receipt.objects.get().state == "ignored"


def test_a_post_to_followers_needs_a_follower_here(vernay, julien, helene, lucie, client, work, follows):
    vernay.post(client, vernay.create(vernay.lucie, [lucie.followers_uri]))
    work()
    assert not Post.objects.exists()
    follows(julien, lucie)
    vernay.post(client, vernay.create(vernay.lucie, [lucie.followers_uri]))
    work()
    assert len(timelines.page(julien, "")[0]) == 1
    assert timelines.page(helene, "")[0] == []


def test_the_same_activity_twice_is_handled_once(vernay, julien, client, work):
    activity = vernay.create(vernay.lucie, [julien.uri])
    for _ in range(2):
        assert vernay.post(client, activity).status_code == 202
        work()
    assert Receipt.objects.get().state == "handled"
    assert (Post.objects.count(), Notification.objects.count()) == (1, 1)


def test_a_follow_is_accepted_and_the_answer_leaves_signed(vernay, julien, client, work):
    follow(vernay, client, julien)
    work()
    assert Follow.objects.get().state == "accepted"
    [(path, headers, answer)] = vernay.received
    assert path == "/users/lucie/inbox"
    assert (answer["type"], answer["actor"], answer["object"]["actor"]) == ("Accept", julien.uri, vernay.lucie)
    assert f'keyId="{julien.uri}#main-key"' in headers["signature"]


def test_a_follow_waits_for_her_who_answers_by_hand(vernay, julien, client, work):
    Actor.objects.filter(pk=julien.pk).update(approves_followers=True)
    follow(vernay, client, julien)
    work()
    assert Follow.objects.get().state == "asked"
    assert vernay.received == []
    following.accept(Follow.objects.get())
    work()
    assert vernay.received[0][2]["type"] == "Accept"


def test_an_unfollow_ends_the_follow(vernay, julien, client, work):
    activity = vernay.activity("Follow", vernay.lucie, julien.uri)
    vernay.post(client, activity)
    vernay.post(client, vernay.activity("Undo", vernay.lucie, activity))
    work()
    assert Follow.objects.get().state == "undone"


def test_an_accept_is_believed_of_the_one_who_was_asked(vernay, julien, lucie, client, work):
    mallory = vernay.add_actor("mallory")
    row = following.ask(julien, lucie)
    work()
    vernay.post(client, vernay.activity("Accept", mallory, following.document(row)))
    work()
    row.refresh_from_db()
    assert row.state == "asked"
    vernay.post(client, vernay.activity("Accept", vernay.lucie, following.document(row)))
    work()
    row.refresh_from_db()
    assert row.state == "accepted"


def test_an_edit_is_seen_with_its_history_and_a_delete_erases_all(vernay, julien, client, work):
    created = vernay.create(vernay.lucie, [julien.uri], "<p>un</p>")
    vernay.post(client, created)
    work()
    edited = created["object"] | {"content": "<p>deux</p>", "updated": "2026-11-01T10:00:00Z"}
    vernay.post(client, vernay.activity("Update", vernay.lucie, edited))
    work()
    post = Post.objects.get()
    assert (post.html, [each.html for each in post.versions.all()]) == ("<p>deux</p>", ["<p>un</p>"])
    vernay.post(client, vernay.activity("Delete", vernay.lucie, {"id": post.uri, "type": "Tombstone"}))
    work()
    post.refresh_from_db()
    assert (post.html, post.versions.count(), timelines.page(julien, "")[0]) == ("", 0, [])


def test_a_delete_that_comes_first_wins(vernay, julien, client, work):
    created = vernay.create(vernay.lucie, [julien.uri])
    vernay.post(client, vernay.activity("Delete", vernay.lucie, created["object"]["id"]))
    vernay.post(client, created)
    work()
    assert not Post.objects.exists()


def test_a_reply_finds_its_place_even_when_it_comes_first(vernay, julien, client, work):
    parent = vernay.create(vernay.lucie, [julien.uri])
    reply = vernay.create(vernay.lucie, [julien.uri], inReplyTo=parent["object"]["id"])
    for activity in (reply, parent):
        vernay.post(client, activity)
        work()
    assert Post.objects.get(uri=reply["object"]["id"]).in_reply_to.uri == parent["object"]["id"]


def test_an_image_is_fetched_with_our_signature_and_reencoded(vernay, julien, client, work):
    vernay.documents["/photo.png"] = ("image/png", picture())
    image = {"type": "Image", "mediaType": "image/png", "url": f"{vernay.origin}/photo.png", "name": "Un massif"}
    vernay.post(client, vernay.create(vernay.lucie, [julien.uri], attachment=[image]))
    work()
    kept = Attachment.objects.get()
    assert (kept.state, kept.media_type, kept.description, kept.width) == ("kept", "image/webp", "Un massif", 40)
    assert [headers for path, headers in vernay.asked if path == "/photo.png"][0]["signature"].startswith(
        'keyId="http://localhost:8000/ap/instance'
    )


def picture():
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"signature": None}, 401),
        ({"digest": "SHA-256=AAAA"}, 401),
        ({"date": "Mon, 01 Jan 2001 00:00:00 GMT"}, 401),
        ({"host": "elsewhere.example"}, 400),
        ({"content-type": "application/json"}, 415),
        ({"content-encoding": "gzip"}, 415),
    ],
)
def test_what_is_not_signed_or_written_right_is_refused_without_a_trace(vernay, julien, client, changes, status):
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri]), **changes).status_code == status
    assert not Receipt.objects.exists()


def test_a_house_that_is_not_on_the_list_is_refused_and_never_called(stranger, julien, client):
    assert stranger.post(client, stranger.create(stranger.mallory, [julien.uri])).status_code == 403
    assert stranger.asked == []


def test_a_suspended_house_is_refused(vernay, julien, client):
    Peer.objects.update(state="suspended")
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 403


def test_one_cannot_sign_for_another(vernay, julien, client):
    mallory = vernay.add_actor("mallory")
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri]), signer=mallory).status_code == 403


def test_one_cannot_write_in_our_house(vernay, julien, client):
    forged = vernay.create(vernay.lucie, [julien.uri], id="http://localhost:8000/ap/objects/1")
    assert vernay.post(client, forged).status_code == 403
    assert not Receipt.objects.exists()


def test_one_cannot_write_under_a_neighbour_s_name(vernay, julien, client, work):
    mallory = vernay.add_actor("mallory")
    vernay.post(client, vernay.create(vernay.lucie, [julien.uri], attributedTo=mallory))
    work()
    assert Receipt.objects.get().state == "ignored"
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"null",
        b"[]",
        b"{",
        b'{"id": 1}',
        b'{"a": NaN}',
        b'{"a": 1, "a": 2}',
        b'{"a": "\\u0000"}',
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_what_is_not_json_that_two_would_read_alike_is_refused(vernay, client, body):
    assert vernay.post(client, body, signer=vernay.lucie).status_code == 400
    assert not Receipt.objects.exists()


def test_an_unknown_activity_is_kept_and_ignored(vernay, julien, client, work):
    assert vernay.post(client, vernay.activity("Arrive", vernay.lucie, julien.uri)).status_code == 202
    work()
    assert Receipt.objects.get().state == "ignored"


def test_a_changed_key_is_asked_for_again_at_its_house(vernay, julien, client, work, time_machine):
    from tests.neighbour import key_pair

    vernay.post(client, vernay.create(vernay.lucie, [julien.uri]))
    private, public = key_pair(50)
    vernay.keys[vernay.lucie] = private
    vernay.documents["/users/lucie"]["publicKey"]["publicKeyPem"] = public
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 401
