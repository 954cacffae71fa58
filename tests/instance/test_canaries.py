"""Every address is asked by everyone: what is not for them is in no answer, what is for them is (rows 77 to 91)."""

from collections.abc import Callable

import pytest
from django.urls import path

from tests.addresses import Unknown, addresses
from tests.lookers import lookers
from tests.rounds import Round, none_of
from tests.routes import Route, routes

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FRAGMENT = {"HX-Request": "true"}
IN_PIECES = {"", "sujets/<str:tag>/", "personnes/", "personnes/<str:address>/"}


def test_what_one_may_not_read_is_in_no_answer_and_what_one_may_is(people, canaries):
    """Pages, pieces of pages, documents, media, errors and redirections, with their headers."""
    rounds = [look_around(looker, canaries, people) for looker in lookers(people)]
    none_of(each for found in rounds for each in found.leaks)
    none_of(each for found in rounds for each in found.told())
    none_of(each for found in rounds for each in found.missing())


def look_around(looker, canaries, people):
    found = Round(looker, canaries)
    for route in routes():
        for address in addresses(route, canaries, people):
            found.note(address, looker.get(address.path), address.path)
            if looker.agent and route.pattern in IN_PIECES:
                found.note(address, looker.get(address.path, **FRAGMENT), address.path, "piece")
    return found


def test_a_new_route_that_nobody_can_fill_says_what_to_add(people):
    view: Callable[..., None] = lambda request, pk: None  # noqa: E731
    (route,) = routes([path("dossiers/<int:pk>/", view)])
    with pytest.raises(Unknown, match=r"'dossiers/<int:pk>' to PLACES in tests/addresses.py"):
        list(addresses(Route(route.pattern, route.view), [], people))
