"""Nobody speaks, takes back, answers or moves for somebody else (security rows 34, 37, 39 to 43, 45)."""

import pytest

from actors import directory, following
from actors.models import Actor, Block, Follow
from inbox import timelines
from inbox.models import Notification, Receipt
from outbox import publishing
from outbox.audience import Reach
from outbox.models import Boost, Like, Post
from outbox.publishing import Draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def mallory(vernay):
    return vernay.add_actor("mallory")


@pytest.fixture
def public_post(settings, julien):
    settings.PUBLIC_POSTS = True
    return publishing.publish(julien, Draft("à tous"), Reach("public"))


@pytest.mark.row(34)
def test_a_post_is_not_attributed_to_another(vernay, mallory, julien, arrives):
    for authors in (mallory, [mallory], [], None, {"id": mallory}, f"{vernay.lucie}#x"):
        assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri], attributedTo=authors)) == "ignored"
    assert not Post.objects.exists()


@pytest.mark.row(37)
def test_co_authors_of_one_house_may_sign_together_and_no_others(vernay, mallory, stranger, julien, arrives):
    ours = vernay.create(vernay.lucie, [julien.uri], attributedTo=[mallory, {"id": vernay.lucie}])
    theirs = vernay.create(vernay.lucie, [julien.uri], attributedTo=[vernay.lucie, stranger.mallory])
    assert (arrives(vernay, ours), arrives(vernay, theirs)) == ("handled", "ignored")
    assert Post.objects.get().author.uri == vernay.lucie


@pytest.mark.row(37)
@pytest.mark.parametrize("actors", [["mallory", "lucie"], ["lucie", "mallory"], ["lucie"], [], [["lucie"]], None, 7])
def test_one_activity_has_one_actor(vernay, mallory, julien, arrives, actors):
    def named(each):
        return [named(one) for one in each] if isinstance(each, list) else f"{vernay.origin}/users/{each}"

    activity = vernay.create(vernay.lucie, [julien.uri]) | {"actor": named(actors) if actors != 7 else 7}
    assert arrives(vernay, activity, signer=vernay.lucie) == (400 if actors is not None else 403)
    assert not Receipt.objects.exists()


@pytest.mark.row(37)
@pytest.mark.parametrize("type", [["Create", "Delete"], ["Create"], {"id": "Create"}, "", None, "x" * 501])
def test_one_activity_has_one_type(vernay, julien, arrives, type):
    assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri]) | {"type": type}) == 400


@pytest.mark.row(39)
def test_a_post_that_exists_is_not_created_again_by_another(vernay, mallory, julien, helene, arrives):
    first = vernay.create(vernay.lucie, [julien.uri], "<p>de Lucie</p>")
    again = vernay.create(mallory, [helene.uri], "<p>volé</p>", id=first["object"]["id"])
    assert (arrives(vernay, first), arrives(vernay, again)) == ("handled", "ignored")
    post = Post.objects.get()
    assert (post.author.uri, post.html, list(post.named.all())) == (vernay.lucie, "<p>de Lucie</p>", [julien])
    assert not Notification.objects.filter(reader=helene).exists()


def test_an_author_does_not_change_a_post_by_creating_it_again(vernay, julien, arrives):
    first = vernay.create(vernay.lucie, [julien.uri], "<p>un</p>")
    arrives(vernay, first)
    arrives(vernay, vernay.create(vernay.lucie, [vernay.followers()], "<p>deux</p>", id=first["object"]["id"]))
    assert Post.objects.values_list("html", "audience").get() == ("<p>un</p>", "named")


@pytest.mark.row(39)
@pytest.mark.parametrize("verb", ["Update", "Delete"])
def test_another_s_post_is_neither_edited_nor_deleted(vernay, mallory, julien, arrives, verb):
    created = vernay.create(vernay.lucie, [julien.uri], "<p>un</p>")
    arrives(vernay, created)
    note = created["object"] | {"content": "<p>deux</p>"}
    for claimed in (vernay.lucie, mallory):
        assert arrives(vernay, vernay.activity(verb, mallory, note | {"attributedTo": claimed})) == "ignored"
    assert Post.objects.values_list("html", "withdrawn_at").get() == ("<p>un</p>", None)


@pytest.mark.row(36, 39)
def test_a_post_of_ours_is_neither_edited_nor_deleted_from_outside(vernay, julien, arrives):
    post = publishing.publish(julien, Draft("un"), Reach("partners"))
    for whole in (post.uri, {"id": post.uri, "type": "Tombstone"}):
        assert arrives(vernay, vernay.activity("Delete", vernay.lucie, whole)) == "ignored"
    edited = {"id": post.uri, "type": "Note", "attributedTo": vernay.lucie, "content": "deux"}
    assert arrives(vernay, vernay.activity("Update", vernay.lucie, edited)) == 403
    post.refresh_from_db()
    assert (post.source, post.withdrawn_at) == ("un", None)


@pytest.mark.row(39)
def test_one_of_ours_is_not_sent_away_from_outside(vernay, mallory, julien, lucie, arrives):
    for uri in (julien.uri, vernay.lucie):
        arrives(vernay, vernay.activity("Delete", mallory, uri))
    assert not Actor.objects.exclude(gone_at=None).exists()


@pytest.mark.row(45)
def test_one_does_not_bury_what_another_has_yet_to_write(vernay, mallory, julien, arrives):
    created = vernay.create(vernay.lucie, [julien.uri])
    arrives(vernay, vernay.activity("Delete", mallory, created["object"]["id"]))
    assert arrives(vernay, created) == "handled"
    assert Post.objects.exists()


@pytest.mark.row(45)
def test_what_was_deleted_before_it_came_stays_dead(vernay, julien, arrives):
    created = vernay.create(vernay.lucie, [julien.uri])
    arrives(vernay, vernay.activity("Delete", vernay.lucie, {"id": created["object"]["id"], "type": "Tombstone"}))
    assert arrives(vernay, created) == "ignored"
    again = vernay.create(vernay.lucie, [julien.uri], id=created["object"]["id"])
    assert (arrives(vernay, again), Post.objects.count()) == ("ignored", 0)


@pytest.mark.row(40)
def test_another_s_like_share_and_follow_are_not_taken_back(vernay, mallory, julien, public_post, arrives):
    done = [
        vernay.activity("Like", vernay.lucie, public_post.uri),
        vernay.activity("Announce", vernay.lucie, public_post.uri),
        vernay.activity("Follow", vernay.lucie, julien.uri),
    ]
    assert [arrives(vernay, each) for each in done] == ["handled"] * 3
    for each in done:
        for inner in (each, each["id"], each | {"actor": mallory}, {k: v for k, v in each.items() if k != "actor"}):
            assert arrives(vernay, vernay.activity("Undo", mallory, inner)) == "ignored"
    assert (Like.objects.count(), Boost.objects.count(), Follow.objects.get().state) == (1, 1, "accepted")


def test_an_undo_takes_back_what_it_names_and_nothing_else(vernay, julien, public_post, arrives):
    like, share, follow = (
        vernay.activity(verb, vernay.lucie, what)
        for verb, what in (("Like", public_post.uri), ("Announce", public_post.uri), ("Follow", julien.uri))
    )
    for each in (like, share, follow):
        arrives(vernay, each)
    forgotten = f"{vernay.origin}/activities/forgotten"
    arrives(vernay, vernay.activity("Undo", vernay.lucie, share | {"id": forgotten}))
    assert (Like.objects.count(), Boost.objects.count()) == (1, 0)
    block = vernay.activity("Block", vernay.lucie, julien.uri, id=forgotten)
    assert arrives(vernay, vernay.activity("Undo", vernay.lucie, block)) == "ignored"
    assert Follow.objects.get().state == "accepted"


@pytest.mark.row(41)
def test_an_answer_that_nobody_asked_for_is_ignored(vernay, mallory, julien, lucie, arrives):
    asked = {"id": "http://localhost:8000/ap/activities/1", "type": "Follow", "actor": julien.uri, "object": lucie.uri}
    for verb in ("Accept", "Reject"):
        for inner in (asked, asked["id"], {}, [asked], None, 3):
            assert arrives(vernay, vernay.activity(verb, vernay.lucie, inner)) == "ignored"
    assert not Follow.objects.exists()


@pytest.mark.row(41)
def test_a_refusal_by_another_ends_nothing(vernay, mallory, julien, lucie, arrives):
    follow = following.ask(julien, lucie)
    inner = following.document(follow)
    arrives(vernay, vernay.activity("Accept", vernay.lucie, inner))
    for each in (inner, follow.uri, inner | {"object": mallory}):
        assert arrives(vernay, vernay.activity("Reject", mallory, each)) == "ignored"
    follow.refresh_from_db()
    assert follow.state == "accepted"


@pytest.mark.row(41)
def test_one_does_not_accept_one_s_own_request(vernay, julien, arrives):
    Actor.objects.filter(pk=julien.pk).update(approves_followers=True)
    request = vernay.activity("Follow", vernay.lucie, julien.uri)
    arrives(vernay, request)
    assert arrives(vernay, vernay.activity("Accept", vernay.lucie, request)) == "ignored"
    assert Follow.objects.get().state == "asked"


@pytest.mark.row(43)
def test_one_does_not_pin_for_another_nor_what_another_wrote(vernay, mallory, julien, arrives):
    created = vernay.create(vernay.lucie, [julien.uri])
    arrives(vernay, created)
    note, lucy = created["object"]["id"], vernay.add_actor("luci")
    for actor, collection in (
        (mallory, f"{vernay.lucie}/featured"),
        (mallory, f"{mallory}/featured"),
        (lucy, f"{vernay.lucie}/featured"),
        (vernay.lucie, f"{mallory}/featured"),
        (vernay.lucie, f"{julien.uri}/featured"),
        (vernay.lucie, None),
    ):
        assert arrives(vernay, vernay.activity("Add", actor, note, target=collection)) == "ignored"
    assert Post.objects.get().pinned_at is None
    assert arrives(vernay, vernay.activity("Add", vernay.lucie, note, target=f"{vernay.lucie}/featured")) == "handled"
    for collection in (f"{vernay.lucie}/featured", f"{mallory}/featured"):
        assert arrives(vernay, vernay.activity("Remove", mallory, note, target=collection)) == "ignored"
    assert Post.objects.get().pinned_at


@pytest.mark.row(40)
def test_a_block_by_one_ends_no_follow_of_another(vernay, mallory, julien, lucie, arrives):
    follow = following.ask(julien, lucie)
    arrives(vernay, vernay.activity("Accept", vernay.lucie, following.document(follow)))
    arrives(vernay, vernay.activity("Block", mallory, julien.uri))
    follow.refresh_from_db()
    assert (follow.state, Block.objects.count()) == ("accepted", 0)


@pytest.mark.row(44, 85)
def test_a_share_is_of_what_may_be_shared_and_is_known(vernay, stranger, julien, settings, arrives):
    settings.PUBLIC_POSTS = True
    canary = publishing.publish(julien, Draft("@lucie@" + vernay.host), Reach("named"))
    limited = publishing.publish(julien, Draft("entre partenaires"), Reach("partners"))
    inside = publishing.publish(julien, Draft("entre nous"), Reach("organisation"))
    elsewhere = f"{stranger.origin}/notes/1"
    for uri in (canary.uri, limited.uri, inside.uri, elsewhere, f"{vernay.origin}/notes/unknown", julien.uri, ""):
        assert arrives(vernay, vernay.activity("Announce", vernay.lucie, uri)) == "ignored"
    assert (Boost.objects.count(), stranger.asked) == (0, [])
    assert not [path for path, _ in vernay.asked if path.startswith("/notes")]


@pytest.mark.row(44)
def test_a_share_of_a_share_is_nothing(vernay, mallory, public_post, arrives):
    share = vernay.activity("Announce", vernay.lucie, public_post.uri)
    arrives(vernay, share)
    for again in (share["id"], share):
        assert arrives(vernay, vernay.activity("Announce", mallory, again)) == "ignored"
    assert Boost.objects.count() == 1


@pytest.mark.row(85)
def test_a_share_shows_a_remote_post_to_nobody_it_was_not_for(vernay, mallory, julien, helene, follows, arrives):
    created = vernay.create(vernay.lucie, [julien.uri], "<p>secret</p>")
    arrives(vernay, created)
    follows(helene, directory.find(mallory))
    assert arrives(vernay, vernay.activity("Announce", mallory, created["object"]["id"])) == "ignored"
    assert timelines.page(helene, "")[0] == []
