"""Lists of people whom one follows."""

import pytest

from actors import following
from federation.errors import Forbidden, NotHere
from inbox import lists
from inbox.models import List


def names(owner, found):
    return [actor.name for actor in lists.actors(owner, found.pk).order_by("name")]


@pytest.fixture
def trees(julien):
    return lists.create(julien, "Arbres")


def test_the_list_of_another_answers_like_one_that_does_not_exist(trees, helene):
    for pk in (trees.pk, 0):
        for deed in (
            lists.find,
            lists.remove,
            lists.actors,
            lambda owner, pk: lists.add(owner, pk, [owner.pk]),
            lambda owner, pk: lists.drop(owner, pk, [owner.pk]),
        ):
            with pytest.raises(NotHere):
                deed(helene, pk)
    assert list(lists.of(helene)) == []


def test_only_those_whom_one_follows_are_listed_all_or_none(trees, julien, helene, lucie, follows):
    follows(julien, lucie)
    following.mute(julien, helene)
    for people in ([helene.pk], [lucie.pk, helene.pk], [lucie.pk, 0]):
        with pytest.raises(NotHere):
            lists.add(julien, trees.pk, people)
    assert names(julien, trees) == []


def test_one_may_list_oneself(trees, julien):
    lists.add(julien, trees.pk, [julien.pk])
    assert names(julien, trees) == ["Julien Mercier"]


def test_whoever_is_unfollowed_shows_no_more(trees, julien, helene):
    following.ask(julien, helene)
    following.accept(following.Follow.objects.get())
    lists.add(julien, trees.pk, [helene.pk])
    assert names(julien, trees) == ["Hélène Vasseur"] and [each.title for each in lists.holding(julien, helene)] == [
        "Arbres"
    ]
    following.leave(julien, helene)
    assert names(julien, trees) == [] and list(lists.holding(julien, helene)) == []


def test_a_house_that_leaves_the_list_of_partners_takes_its_people(trees, julien, lucie, follows, vernay):
    follows(julien, lucie)
    lists.add(julien, trees.pk, [lucie.pk])
    vernay.peer.step("suspended")
    assert names(julien, trees) == []


def test_dropped_and_dropped_again(trees, julien):
    lists.add(julien, trees.pk, [julien.pk, julien.pk])
    for _ in range(2):
        lists.drop(julien, trees.pk, [julien.pk])
    assert names(julien, trees) == []


@pytest.mark.parametrize("wrong", [{"title": "  "}, {"replies_policy": "all"}])
def test_a_list_has_a_name_and_a_policy_that_exists(trees, julien, wrong):
    wish = {"title": "Autres", "replies_policy": "list", "exclusive": False} | wrong
    with pytest.raises(Forbidden):
        lists.change(trees, **wish)
    trees.refresh_from_db()
    assert trees.title == "Arbres"


def test_there_are_so_many_lists_and_no_more(trees, julien):
    List.objects.bulk_create([List(owner=julien, title="x") for _ in range(lists.MOST - 1)])
    with pytest.raises(Forbidden):
        lists.create(julien, "Une de trop")
