"""A post that is only named is asked for in its own house, once, where somebody may read it (rows 44, 61, 62)."""

import pytest

from actors.models import Actor
from inbox import fetching
from inbox.models import Notification, Receipt
from outbox.models import Boost, Post
from tests.neighbour import AS2, Neighbour
from tests.world import introduce

pytestmark = pytest.mark.django_db
PUBLIC = f"{AS2}#Public"


def published(house, author, to=PUBLIC, **more):
    """A post that its house shows, and has not sent."""
    note = {"@context": AS2, **house.note(author, [to], **more)}
    house.documents[note["id"].removeprefix(house.origin)] = note
    return note["id"]


def asked(house):
    return [path for path, _ in house.asked if "/notes/" in path]


@pytest.fixture
def dol(aubin):
    """A third house, which is on our list; Anne writes there."""
    house = Neighbour(preau=False)
    house.anne = house.add_actor("anne")
    introduce(house)
    yield house
    house.stop()


class TestCreate:
    def test_a_post_that_is_only_named_is_fetched(self, vernay, julien, arrives):
        uri = published(vernay, vernay.lucie, julien.uri)
        assert arrives(vernay, vernay.activity("Create", vernay.lucie, uri)) == "handled"
        assert Post.objects.get(uri=uri).audience == "named"
        assert Notification.objects.get(reader=julien).reason == "mention"

    def test_what_is_known_is_not_asked_for(self, vernay, julien, arrives):
        whole = vernay.create(vernay.lucie, [julien.uri])
        assert arrives(vernay, whole) == "handled"
        assert arrives(vernay, vernay.activity("Create", vernay.lucie, whole["object"]["id"])) == "handled"
        assert asked(vernay) == []

    def test_only_in_the_author_s_own_house(self, vernay, dol, stranger, julien, arrives):
        for other in (dol, stranger):
            uri = f"{other.origin}/notes/1"
            assert arrives(vernay, vernay.activity("Create", vernay.lucie, uri)) == 403
            assert asked(other) == []

    def test_nobody_publishes_what_somebody_else_wrote(self, vernay, julien, arrives):
        eve = vernay.add_actor("eve")
        uri = published(vernay, vernay.lucie, julien.uri)
        assert arrives(vernay, vernay.activity("Create", eve, uri)) == "ignored"
        assert not Post.objects.exists()

    def test_it_must_be_for_us(self, vernay, julien, arrives):
        uri = published(vernay, vernay.lucie, f"{vernay.origin}/users/eve")
        assert arrives(vernay, vernay.activity("Create", vernay.lucie, uri)) == "ignored"
        assert not Post.objects.exists()

    def test_a_house_that_does_not_answer_is_asked_again_later(self, vernay, julien, arrives):
        activity = vernay.activity("Create", vernay.lucie, f"{vernay.origin}/notes/absent")
        assert arrives(vernay, activity) == "waiting"
        assert Receipt.objects.get().attempts == 1

    def test_it_must_go_by_the_id_that_was_named(self, vernay, julien, arrives):
        uri = published(vernay, vernay.lucie, julien.uri)
        vernay.documents["/notes/other"] = vernay.documents[uri.removeprefix(vernay.origin)]
        activity = vernay.activity("Create", vernay.lucie, f"{vernay.origin}/notes/other")
        assert arrives(vernay, activity) == "ignored"


class TestAnnounce:
    def test_a_public_post_that_we_do_not_have_is_fetched(self, vernay, dol, julien, lucie, follows, arrives):
        follows(julien, lucie)
        uri = published(dol, dol.anne)
        assert arrives(vernay, vernay.activity("Announce", vernay.lucie, uri)) == "handled"
        assert Boost.objects.get().post.author == Actor.objects.get(uri=dol.anne)

    def test_not_when_nobody_here_would_see_it(self, vernay, dol, julien, arrives):
        uri = published(dol, dol.anne)
        assert arrives(vernay, vernay.activity("Announce", vernay.lucie, uri)) == "ignored"
        assert asked(dol) == [] and not Post.objects.exists()

    def test_never_from_a_house_that_is_not_on_the_list(self, vernay, stranger, julien, lucie, follows, arrives):
        follows(julien, lucie)
        uri = published(stranger, stranger.mallory)
        assert arrives(vernay, vernay.activity("Announce", vernay.lucie, uri)) == "ignored"
        assert stranger.asked == [] and not Post.objects.exists()

    @pytest.mark.parametrize("to", ["followers", "julien", "nobody"])
    def test_only_what_is_public(self, vernay, dol, julien, lucie, follows, arrives, to):
        follows(julien, lucie)
        to = {"followers": f"{dol.anne}/followers", "julien": julien.uri, "nobody": f"{dol.origin}/x"}[to]
        uri = published(dol, dol.anne, to)
        assert arrives(vernay, vernay.activity("Announce", vernay.lucie, uri)) == "ignored"
        assert not Post.objects.exists()

    def test_not_against_the_author_s_wish(self, vernay, dol, julien, lucie, follows, arrives):
        follows(julien, lucie)
        uri = published(dol, dol.anne, interactionPolicy={"canAnnounce": {"always": []}})
        assert arrives(vernay, vernay.activity("Announce", vernay.lucie, uri)) == "ignored"
        assert not Boost.objects.exists()

    @pytest.mark.parametrize("author", [None, 7, "https://elsewhere.example/u", [], {}])
    def test_not_without_an_author_in_its_house(self, vernay, dol, julien, lucie, follows, arrives, author):
        follows(julien, lucie)
        uri = published(dol, author)
        assert arrives(vernay, vernay.activity("Announce", vernay.lucie, uri)) == "ignored"
        assert not Post.objects.exists()

    def test_what_is_no_post_is_none(self, vernay, dol, julien, lucie, follows, arrives):
        follows(julien, lucie)
        uri = published(dol, dol.anne, type="Tombstone")
        assert arrives(vernay, vernay.activity("Announce", vernay.lucie, uri)) == "ignored"
        assert not Post.objects.exists()

    def test_our_own_house_is_not_asked(self, vernay, julien, lucie, follows, arrives):
        follows(julien, lucie)
        absent = "http://localhost:8000/ap/objects/01K9"
        assert arrives(vernay, vernay.activity("Announce", vernay.lucie, absent)) == "ignored"


class TestBudgets:
    def test_a_chain_that_invents_parents_is_not_followed(self, vernay, dol, julien, lucie, follows, arrives):
        follows(julien, lucie)
        parents = [published(dol, dol.anne)]
        for _ in range(5):
            parents.append(published(dol, dol.anne, inReplyTo=parents[-1], replies=f"{dol.origin}/notes/replies"))
        assert arrives(vernay, vernay.activity("Announce", vernay.lucie, parents[-1])) == "handled"
        assert asked(dol) == [parents[-1].removeprefix(dol.origin)]

    def test_a_reply_that_arrives_asks_for_nothing(self, vernay, dol, julien, arrives):
        parent = published(dol, dol.anne)
        assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri], inReplyTo=parent)) == "handled"
        assert asked(dol) == []

    def test_one_who_names_post_after_post_is_not_listened_to(
        self, vernay, dol, julien, lucie, follows, arrives, monkeypatch
    ):
        monkeypatch.setattr(fetching, "PER_SENDER", 3)
        follows(julien, lucie)
        letters = [vernay.activity("Announce", vernay.lucie, published(dol, dol.anne)) for _ in range(5)]
        assert [arrives(vernay, each) for each in letters] == ["handled"] * 3 + ["ignored"] * 2
        assert len(asked(dol)) == 3
