"""Every address is asked by everyone: what is not for them is in no answer, what is for them is (rows 77 to 91)."""

from collections.abc import Callable

import pytest
from django.urls import path

from tests.addresses import ABSENT, Unknown, addresses
from tests.canaries import CODES, LEAVING, People, publish_here, publish_next_door, react
from tests.lookers import lookers
from tests.routes import Route, routes

pytestmark = pytest.mark.django_db
ON_PAGES = {"former", "text", "title", "tag", "alt", "file", "reply", "post id", "reply id", "photo id", "paper id"}
ON_THE_WIRE = ON_PAGES - {"former"}
BYTES = {"image", "thumbnail", "document"}
FRAGMENT = {"HX-Request": "true"}
IN_PIECES = {"", "sujets/<str:tag>/", "personnes/", "personnes/<str:address>/", "p/<str:ulid>/utile/"}


@pytest.fixture
def people(aubin, julien, vernay):
    found = People(aubin, julien, vernay)
    yield found
    found.stop()


@pytest.fixture
def canaries(people, follows, arrives, work, settings):
    settings.PUBLIC_POSTS = True
    people.tie(follows)
    found = [publish_here(people, code) for code in CODES]
    found += [publish_next_door(people, code, arrives) for code in LEAVING]
    react(people, found)
    people.untie()
    work()
    return found


def shown(answer, canaries, asked=""):
    """(canary, part) of all that an answer shows and the question did not hold."""
    whole = answer.whole
    return {
        (canary.home, canary.code, name)
        for canary in canaries
        for name, betrays in canary.parts.items()
        if betrays in whole and betrays not in asked.encode()
    }


def forbidden(looker, canaries):
    return [each for each in canaries if not looker.may_read(each)]


def test_what_one_may_not_read_is_in_no_answer_and_what_one_may_is(people, canaries):
    leaks, missing = [], []
    for looker in lookers(people):
        hidden, seen = forbidden(looker, canaries), set()
        for route in routes():
            for address in addresses(route, canaries, people):
                for headers in ({}, FRAGMENT) if looker.agent and route.pattern in IN_PIECES else ({},):
                    answer = looker.get(address.path, **headers)
                    leaks += [(str(looker), address.path, *each) for each in shown(answer, hidden, address.path)]
                    seen |= shown(answer, canaries, address.path)
        missing += [(str(looker), *each) for each in expected(looker, canaries) - seen]
    assert leaks == []
    assert missing == []


def expected(looker, canaries):
    """All parts for an agent; from another house, all that our own people wrote but the former words."""
    own = [each for each in canaries if looker.may_read(each) and (looker.agent or each.home == "here")]
    parts = (ON_PAGES if looker.agent else ON_THE_WIRE) | BYTES
    return {(each.home, each.code, part) for each in own for part in parts}


def test_what_one_may_not_read_answers_like_what_does_not_exist(people, canaries):
    """Row 78: the same status, body and headers, for whoever asks."""
    told = []
    for looker in lookers(people):
        hidden = {ABSENT} | ids_of(forbidden(looker, canaries))
        for route in routes():
            answers: dict[tuple[str, str], set] = {}
            for each in addresses(route, canaries, people):
                if each.filled in hidden:
                    asked = each.path.replace(each.filled, "*")
                    answers.setdefault(("GET", asked), set()).add(looker.get(each.path).without(each.filled))
                    answers.setdefault(("POST", asked), set()).add(looker.post(each.path, {}, {}).without(each.filled))
            told += [(str(looker), *asked, found) for asked, found in answers.items() if len(found) > 1]
    assert told == []


def ids_of(canaries):
    return {word.decode() for each in canaries for name, word in each.parts.items() if name.endswith(" id")}


def test_no_deed_tells_or_changes_what_one_may_not_read(people, canaries):
    """Row 77: reacting, answering, reporting, editing, withdrawing; by a form or by a letter."""
    leaks, deeds = [], 0
    for looker in lookers(people):
        for canary in forbidden(looker, canaries):
            for route in routes():
                for address in addresses(route, [canary], people):
                    form = {"reponse": canary.post.ulid, "text": "x", "etat": "oui", "audience": "organisation"}
                    answer = looker.post(address.path, form, letter(people, looker, canary, deeds))
                    deeds += 1
                    asked = f"{address.path} {canary.post.ulid} {canary.post.uri}"
                    leaks += [(str(looker), address.path, *each) for each in shown(answer, [canary], asked)]
                    if answer.status == 405:
                        break
    assert leaks == []


def letter(people, looker, canary, number):
    """A Like, an Announce, a Flag or an answer, about the canary."""
    kind = ("Like", "Announce", "Flag", "Create")[number % 4]
    if looker.house is None:
        return {}
    if kind == "Create":
        return looker.house.create(looker.signer, [people.julien.uri], inReplyTo=canary.post.uri)
    return looker.house.activity(kind, looker.signer, canary.post.uri)


def test_a_new_route_that_nobody_can_fill_says_what_to_add(people):
    view: Callable[..., None] = lambda request, pk: None  # noqa: E731
    (route,) = routes([path("dossiers/<int:pk>/", view)])
    with pytest.raises(Unknown, match=r"'dossiers/<int:pk>' to PLACES in tests/addresses.py"):
        list(addresses(Route(route.pattern, route.view), [], people))
