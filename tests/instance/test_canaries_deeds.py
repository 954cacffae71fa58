"""Every address is asked to do something, by everyone: no deed shows or tells of what one may not read (row 77)."""

import pytest

from tests.addresses import ABSENT, Address, addresses
from tests.lookers import lookers
from tests.rounds import Round, none_of
from tests.routes import routes

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


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
