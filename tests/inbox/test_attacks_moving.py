"""Nobody moves without the word of both houses, nor in circles (security row 42)."""

from typing import Any

import pytest

from actors import directory, following
from actors.models import Follow
from federation.models import Delivery
from inbox import fetching
from inbox.models import Receipt

pytestmark = pytest.mark.django_db


@pytest.fixture
def mallory(vernay):
    return vernay.add_actor("mallory")


@pytest.fixture
def followed(julien, lucie, follows):
    return follows(julien, lucie)


def move(house, actor, target, **more):
    return house.activity("Move", actor, actor, target=target, **more)


@pytest.mark.row(42)
def test_the_new_name_must_confirm_the_old_one(vernay, mallory, followed, arrives):
    assert arrives(vernay, move(vernay, vernay.lucie, mallory)) == "ignored"
    vernay.documents["/users/mallory"]["alsoKnownAs"] = [vernay.lucie]
    directory.learn(mallory)
    vernay.documents["/users/mallory"]["alsoKnownAs"] = []
    assert arrives(vernay, move(vernay, vernay.lucie, mallory)) == "ignored"
    vernay.documents["/users/mallory"]["inbox"] = None
    assert arrives(vernay, move(vernay, vernay.lucie, mallory)) == "ignored"
    assert Follow.objects.get().followed.uri == vernay.lucie


@pytest.mark.row(42)
def test_nobody_is_moved_by_another(vernay, mallory, followed, arrives):
    vernay.documents["/users/mallory"]["alsoKnownAs"] = [vernay.lucie]
    for object in (vernay.lucie, {"id": vernay.lucie, "actor": mallory}):
        assert arrives(vernay, vernay.activity("Move", mallory, object, target=mallory)) == "ignored"
    followed.refresh_from_db()
    assert followed.state == "accepted"


@pytest.mark.row(42)
def test_one_does_not_move_to_where_one_is_nor_nowhere(vernay, followed, arrives):
    vernay.documents["/users/lucie"]["alsoKnownAs"] = [vernay.lucie]
    targets: tuple[Any, ...] = (vernay.lucie, None, "", [], f"{vernay.origin}/users/nobody", "acct:lucie@example")
    for target in targets:
        arrives(vernay, move(vernay, vernay.lucie, target))
    assert not Receipt.objects.filter(state="handled").exists()
    followed.refresh_from_db()
    assert followed.state == "accepted"


@pytest.mark.row(32, 42)
def test_to_a_house_off_the_list_nobody_moves_and_nobody_calls(vernay, stranger, followed, arrives):
    assert arrives(vernay, move(vernay, vernay.lucie, stranger.mallory)) == "ignored"
    assert stranger.asked == []


@pytest.mark.row(42)
def test_to_and_fro_moves_once(vernay, mallory, julien, followed, arrives):
    vernay.documents["/users/mallory"]["alsoKnownAs"] = [vernay.lucie]
    vernay.documents["/users/lucie"]["alsoKnownAs"] = [mallory]
    vernay.documents["/users/lucie"]["movedTo"] = mallory
    assert arrives(vernay, move(vernay, vernay.lucie, mallory)) == "handled"
    letters = Delivery.objects.count()
    for _ in range(3):
        assert arrives(vernay, move(vernay, mallory, vernay.lucie)) == "ignored"
        arrives(vernay, move(vernay, vernay.lucie, mallory))
    assert [each.uri for each in following.followed_by(julien)] == []
    assert Follow.objects.get(followed__uri=mallory).state == "asked"
    assert Delivery.objects.count() == letters


@pytest.mark.row(42)
def test_a_flood_of_moves_moves_once(vernay, julien, lucie, followed, arrives):
    for number in range(3):
        other = vernay.add_actor(f"lucie{number}", alsoKnownAs=[vernay.lucie])
        state = arrives(vernay, move(vernay, vernay.lucie, other))
        assert state == ("handled" if number == 0 else "ignored")
    assert Follow.objects.exclude(state="undone").count() == 1


@pytest.mark.row(42)
def test_a_house_whose_people_move_on_and_on_has_us_ask_for_no_more(vernay, aubin, arrives, monkeypatch):
    monkeypatch.setattr(fetching, "PER_HOUSE", 2)
    for number in range(4):
        former, new = vernay.add_actor(f"former{number}"), vernay.add_actor(f"new{number}")
        vernay.documents[f"/users/new{number}"]["alsoKnownAs"] = [former]
        assert arrives(vernay, move(vernay, former, new)) == ("handled" if number < 2 else "ignored")
    assert [path for path, _ in vernay.asked if "new" in path] == ["/users/new0", "/users/new1"]
