"""Letters cross: an Undo that comes before what it undoes, or after that was done anew, means what its author meant."""

import pytest

from actors.models import Follow
from inbox.models import Receipt
from outbox import publishing
from outbox.audience import Reach
from outbox.models import Boost, Like, Tombstone
from outbox.publishing import Draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def public_post(settings, julien):
    settings.PUBLIC_POSTS = True
    return publishing.publish(julien, Draft("bonjour"), Reach("public"))


@pytest.fixture
def undo(vernay, arrives):
    """Take `done` back, naming it whole or by its id."""
    return lambda done: arrives(vernay, vernay.activity("Undo", vernay.lucie, done))


def deeds(vernay, julien, post):
    told = {"Follow": julien.uri, "Like": post.uri, "EmojiReact": post.uri, "Announce": post.uri}
    return [vernay.activity(verb, vernay.lucie, what) for verb, what in told.items()]


@pytest.mark.parametrize("by_id", [False, True])
def test_an_undo_that_comes_first_holds(vernay, julien, public_post, arrives, undo, by_id):
    for deed in deeds(vernay, julien, public_post):
        assert undo(deed["id"] if by_id else deed) == "handled"
        assert arrives(vernay, deed) == "ignored"
        assert Receipt.objects.get(uri=deed["id"]).reason == "taken back before it came"
    assert not (Follow.objects.exists() or Like.objects.exists() or Boost.objects.exists())


def test_doing_it_under_another_id_is_doing_it(vernay, julien, public_post, arrives, undo):
    for deed in deeds(vernay, julien, public_post):
        undo(deed)
        assert arrives(vernay, deed | {"id": f"{deed['id']}-again"}) == "handled"
    assert (Follow.objects.get().state, Like.objects.count(), Boost.objects.count()) == ("accepted", 1, 1)


def test_an_undo_that_comes_late_leaves_what_was_done_anew(vernay, julien, public_post, arrives, undo):
    """Follow, Undo, Follow; and the Undo is brought last."""
    for deed in deeds(vernay, julien, public_post):
        arrives(vernay, deed)
        assert arrives(vernay, deed | {"id": f"{deed['id']}-again"}) == "handled"
        assert undo(deed) == "ignored"
    assert (Follow.objects.get().state, Like.objects.count(), Boost.objects.count()) == ("accepted", 1, 1)
    undo(f"{Follow.objects.get().uri}")
    assert Follow.objects.get().state == "undone"


def test_nobody_takes_back_beforehand_for_another_or_another_house(vernay, julien, arrives):
    mallory = vernay.add_actor("mallory")
    follow = vernay.activity("Follow", vernay.lucie, julien.uri)
    assert arrives(vernay, vernay.activity("Undo", mallory, follow)) == "ignored"
    arrives(vernay, vernay.activity("Undo", mallory, follow["id"]))
    assert arrives(vernay, follow) == "handled"
    for uri in ("https://elsewhere.example/follows/1", f"{vernay.origin}/{'x' * 500}", ""):
        assert arrives(vernay, vernay.activity("Undo", vernay.lucie, {"type": "Follow", "id": uri})) == "ignored"
    assert list(Tombstone.objects.values_list("uri", flat=True)) == [follow["id"]]
