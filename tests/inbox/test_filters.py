"""Filters: who may see and change them, and how many there are."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from federation.errors import Forbidden, NotHere
from inbox import filters
from inbox.filters import Wish, Word
from inbox.models import Filter, FilterKeyword
from tests.inbox.said import say

HOME = Wish("Cantine", ["home"])


@pytest.fixture
def canteen(julien):
    return filters.create(julien, HOME, [Word("cantine", True), Word("menu")])


def words(found):
    return [(each.keyword, each.whole_word) for each in found.keywords.order_by("pk")]


def test_the_filter_of_another_answers_like_one_that_does_not_exist(canteen, helene, julien):
    keyword, row = canteen.keywords.all()[0], filters.add_post(canteen, say(julien))
    for find, pk in ((filters.find, canteen.pk), (filters.find_keyword, keyword.pk), (filters.find_post, row.pk)):
        for each in (pk, 0):
            with pytest.raises(NotHere):
                find(helene, each)
    with pytest.raises(NotHere):
        filters.remove(helene, canteen.pk)
    assert not filters.of(helene).exists() and Filter.objects.exists()


def test_a_filter_does_not_change_the_words_of_another_filter(canteen, julien, helene):
    for owner in (julien, helene):
        other = filters.create(owner, HOME, [Word("autre")])
        for word in (Word("pris", pk=canteen.keywords.all()[0].pk), Word(pk=canteen.keywords.all()[0].pk, gone=True)):
            with pytest.raises(NotHere):
                filters.change(other, HOME, [word])
    assert words(canteen) == [("cantine", True), ("menu", False)]


@pytest.mark.parametrize(
    "wish",
    [Wish(" ", ["home"]), Wish("x", []), Wish("x", ["home", "partout"]), Wish("x", ["home"], "explode")],
)
def test_a_filter_has_a_name_a_place_and_an_action_that_exist(julien, wish):
    with pytest.raises(Forbidden):
        filters.create(julien, wish)
    assert not Filter.objects.exists()


def test_what_cannot_be_written_whole_is_not_written(canteen, julien):
    with pytest.raises(Forbidden):
        filters.change(canteen, Wish("Autre", ["home"]), [Word("bon"), Word("  ")])
    with pytest.raises(Forbidden):
        filters.create(julien, HOME, [Word("")])
    found = filters.find(julien, canteen.pk)
    assert found.title == "Cantine" and len(words(found)) == 2 and Filter.objects.count() == 1


def test_one_has_so_many_filters_words_and_posts_and_no_more(canteen, julien):
    FilterKeyword.objects.bulk_create([FilterKeyword(filter=canteen, keyword="x") for _ in range(filters.KEYWORDS)])
    with pytest.raises(Forbidden):
        filters.add_keyword(canteen, Word("de trop"))
    Filter.objects.bulk_create([Filter(owner=julien, title="x") for _ in range(filters.FILTERS)])
    with pytest.raises(Forbidden):
        filters.create(julien, HOME)


def test_words_are_added_changed_and_taken_away_together(canteen):
    first, second = canteen.keywords.order_by("pk")
    later = now() + timedelta(days=1)
    wish = Wish("Repas", ["home", "thread", "home"], "hide", later)
    found = filters.change(
        canteen, wish, [Word("cantines", pk=first.pk), Word(pk=second.pk, gone=True), Word("gâteau  au\nchocolat")]
    )
    assert (found.title, found.context, found.action, found.expires_at) == ("Repas", ["home", "thread"], "hide", later)
    assert words(found) == [("cantines", True), ("gâteau au chocolat", False)]


def test_a_word_that_goes_takes_its_filter_when_that_looks_for_nothing_else(canteen, julien):
    first, second = canteen.keywords.order_by("pk")
    filters.forget_keyword(first)
    assert Filter.objects.count() == 1
    row = filters.add_post(canteen, say(julien))
    filters.forget_keyword(second)
    assert Filter.objects.count() == 1 and not FilterKeyword.objects.exists()
    row.delete()
    filters.forget_keyword(filters.add_keyword(canteen, Word("dernier")))
    assert not Filter.objects.exists()


def test_a_post_is_named_once(canteen, julien):
    post = say(julien)
    assert filters.add_post(canteen, post) == filters.add_post(canteen, post)
