"""The pages on which quiet hours are chosen."""

from datetime import time

import pytest

from actors import arrivals
from actors.models import Agent, Organisation
from inbox import quiet
from inbox.quiet import NEVER, USUAL, Schedule

MINE, HOUSE = "/reglages/heures-calmes/", "/administration/heures-calmes/"


def choose(browser, path=MINE, whose="these", begins="18:30", ends="08:00", **more):
    return browser.post(path, {"whose": whose, "begins": begins, "ends": ends, **more})


def hers(actor):
    return quiet.of(Agent.objects.get(actor=actor), quiet.of_house())


# --- Refusals ---


@pytest.mark.parametrize("role", ["agent", "facilitator", "moderator"])
def test_the_hours_of_the_house_are_for_its_admins_to_decide(role, aubin, sign_in):
    browser = sign_in(arrivals.invite("Anne Roux", "Agente", role=role).actor)
    assert browser.get(HOUSE).status_code == 404
    assert choose(browser, HOUSE).status_code == 404
    assert quiet.of_house() == USUAL
    assert HOUSE not in browser.get("/menu/").content.decode()


def test_who_is_not_signed_in_chooses_nothing(client, aubin):
    assert choose(client).status_code == choose(client, HOUSE).status_code == 302


@pytest.mark.parametrize(
    ("said", "field"),
    [({"begins": ""}, "begins"), ({"ends": "25:00"}, "ends"), ({"begins": "soir"}, "begins"),
     ({"ends": "18:30"}, "ends"), ({"whose": "other"}, "whose"), ({"whose": ""}, "whose")],
)  # fmt: skip
def test_a_mistake_is_said_next_to_its_field(said, field, at_julien, julien):
    response = choose(at_julien, **said)
    assert response.status_code == 422 and f'id="id_{field}_error"' in response.content.decode()
    assert Agent.objects.get(actor=julien).quiet is None


# --- What is chosen ---


def test_an_agent_follows_her_organisation_until_she_chooses(at_julien, at_marc, julien, text_of):
    assert "Comme ma collectivité : de 20 h à 7 h 30, et les samedis" in text_of(at_julien.get(MINE)).replace(
        "\xa0", " "
    )
    choose(at_marc, HOUSE, days_off="on")
    assert hers(julien) == Schedule(time(18, 30), time(8))
    assert "de 18 h 30 à 8 h" in text_of(at_julien.get(MINE)).replace("\xa0", " ")


def test_an_agent_chooses_her_own_hours_and_comes_back(at_julien, at_marc, julien, marc):
    assert choose(at_julien).url == "/menu/"
    assert hers(julien) == Schedule(time(18, 30), time(8), days_off=False) and hers(marc) == USUAL
    page = at_julien.get(MINE).content.decode()
    assert 'value="18:30"' in page and 'value="08:00"' in page
    choose(at_julien, whose="none")
    assert hers(julien) == NEVER
    assert 'value="20:00"' in at_julien.get(MINE).content.decode()
    choose(at_julien, whose="house", begins="", ends="")
    assert Agent.objects.get(actor=julien).quiet is None and hers(julien) == USUAL


def test_week_ends_alone_may_be_quiet(at_julien, julien):
    choose(at_julien, begins="00:00", ends="00:00", days_off="on")
    assert hers(julien) == Schedule(time(0), time(0), days_off=True)


def test_a_house_may_have_no_quiet_hours(at_marc, aubin, text_of):
    assert choose(at_marc, HOUSE, whose="none").url == HOUSE
    assert quiet.read(Organisation.objects.get(pk=aubin.pk).quiet) == NEVER
    assert "pas d’heures calmes" in text_of(at_marc.get(HOUSE))


def test_nobody_sees_what_another_one_chose(at_julien, at_marc, julien, text_of):
    choose(at_julien, begins="17:17", ends="09:09")
    for path in ("/personnes/julien.mercier/", HOUSE, MINE, "/menu/"):
        page = text_of(at_marc.get(path))
        assert "17:17" not in page and "17 h 17" not in page.replace("\xa0", " ")
