"""Every address is asked by everyone: what is not for them is in no answer, what is for them is (rows 77 to 91)."""

from collections.abc import Callable

import pytest
from django.urls import path

from tests.addresses import ABSENT, Address, Unknown, addresses
from tests.canaries import CODES, LEAVING, People, publish_here, publish_next_door, react
from tests.lookers import lookers
from tests.routes import Route, routes

pytestmark = pytest.mark.django_db
ON_PAGES = {"former", "text", "title", "tag", "alt", "file", "reply", "post id", "reply id", "photo id", "paper id"}
ON_THE_WIRE = ON_PAGES - {"former"}
BYTES = {"image", "thumbnail", "document"}
FRAGMENT = {"HX-Request": "true"}
IN_PIECES = {"", "sujets/<str:tag>/", "personnes/", "personnes/<str:address>/"}


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


class Round:
    """What one looker was answered, everywhere."""

    def __init__(self, looker, canaries):
        self.looker, self.canaries = looker, canaries
        self.hidden = [each for each in canaries if not looker.may_read(each)]
        ids = [word.decode() for each in self.hidden for name, word in each.parts.items() if name.endswith(" id")]
        self.nothing = {ABSENT, *ids}
        self.leaks, self.seen, self.alike = [], set(), {}

    def note(self, address, answer, asked, kind=""):
        """What it shows that the question did not hold; and, where there is nothing for her, how that reads."""
        found = {
            (canary.home, canary.code, name)
            for canary in self.canaries
            for name, betrays in canary.parts.items()
            if betrays in answer.whole and betrays not in asked.encode()
        }
        self.seen |= found
        secret = {(each.home, each.code) for each in self.hidden}
        self.leaks += [(str(self.looker), address.path, *each) for each in found if each[:2] in secret]
        if address.filled in self.nothing:
            place = (address.path.replace(address.filled, "*"), kind)
            self.alike.setdefault(place, {})[answer.without(address.filled)] = address.path

    def told(self):
        """Where what is hidden answers otherwise than what does not exist: status, headers or body (row 78)."""
        return [(str(self.looker), *answers.values()) for answers in self.alike.values() if len(answers) > 1]

    def missing(self):
        """All parts for an agent; from another house, all that our own people wrote but the former words."""
        agent = self.looker.agent
        hers = [each for each in self.canaries if self.looker.may_read(each) and (agent or each.home == "here")]
        parts = (ON_PAGES if agent else ON_THE_WIRE) | BYTES
        expected = {(each.home, each.code, part) for each in hers for part in parts}
        return [(str(self.looker), *each) for each in sorted(expected - self.seen)]


def test_what_one_may_not_read_is_in_no_answer_and_what_one_may_is(people, canaries):
    """Pages, pieces of pages, documents, media, errors and redirections, with their headers."""
    rounds = [look_around(looker, canaries, people) for looker in lookers(people)]
    none_of(each for found in rounds for each in found.leaks)
    none_of(each for found in rounds for each in found.told())
    none_of(each for found in rounds for each in found.missing())


def none_of(faults):
    lines = [str(each) for each in faults]
    assert not lines, "\n".join(lines)


def look_around(looker, canaries, people):
    found = Round(looker, canaries)
    for route in routes():
        for address in addresses(route, canaries, people):
            found.note(address, looker.get(address.path), address.path)
            if looker.agent and route.pattern in IN_PIECES:
                found.note(address, looker.get(address.path, **FRAGMENT), address.path, "piece")
    return found


def test_no_deed_shows_or_tells_of_what_one_may_not_read(people, canaries):
    """Row 77: reacting, sharing, answering, editing, withdrawing, reporting; by a form, or by a letter."""
    rounds = [do_everything(looker, canaries, people) for looker in lookers(people)]
    none_of(each for found in rounds for each in found.leaks)
    none_of(each for found in rounds for each in found.told())


def do_everything(looker, canaries, people):
    found = Round(looker, canaries)
    for route in routes():
        for address in addresses(route, found.hidden, people):
            ulid = address.filled or ABSENT
            form = {"reponse": ulid, "text": "x", "etat": "oui", "audience": "organisation", "next": "/"}
            answer = looker.post(address.path, form, letter(looker, "Like", ulid, people))
            found.note(address, answer, f"{address.path} {ulid}")
            if answer.status == 405:
                break
    if looker.house:
        write_about(looker, found, people)
    return found


def write_about(looker, found, people):
    """Letters, of which the shared inbox tells nothing."""
    (route,) = (each for each in routes() if each.pattern == "ap/inbox")
    for ulid in (*(each.post.ulid for each in found.hidden if each.home == "here"), ABSENT):
        for kind in ("Like", "Announce", "Flag", "Update"):
            answer = looker.post("/ap/inbox", {}, letter(looker, kind, ulid, people))
            found.note(Address(route, "/ap/inbox", ulid), answer, ulid, kind)


def letter(looker, kind, ulid, people):
    return (looker.house or people.vernay).activity(kind, looker.signer, f"http://localhost:8000/ap/objects/{ulid}")


def test_a_new_route_that_nobody_can_fill_says_what_to_add(people):
    view: Callable[..., None] = lambda request, pk: None  # noqa: E731
    (route,) = routes([path("dossiers/<int:pk>/", view)])
    with pytest.raises(Unknown, match=r"'dossiers/<int:pk>' to PLACES in tests/addresses.py"):
        list(addresses(Route(route.pattern, route.view), [], people))
