"""When something breaks on our side: what is said to whoever asked, and what is written down for the admin."""

import pytest
from django.db import OperationalError, connection
from django.test import Client
from structlog.testing import capture_logs

from tests.world import HOST

pytestmark = pytest.mark.django_db


@pytest.fixture
def broken():
    """Ask for a page, or bring a letter, while every question to the database ends in `error`."""

    def ask(error, knock):
        def fail(execute, sql, params, many, context):
            raise error

        browser = Client(raise_request_exception=False, headers={"host": HOST})
        with capture_logs() as logs, connection.execute_wrapper(fail):
            return knock(browser), [each for each in logs if each["event"] == "request.fault"]

    return ask


def test_while_the_database_is_away_a_letter_may_be_brought_again_later(vernay, julien, broken):
    letter = vernay.create(vernay.lucie, [julien.uri])
    answer, _ = broken(OperationalError("gone"), lambda browser: vernay.post(browser, letter))
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")


def test_while_the_database_is_away_a_page_says_so(aubin, broken):
    answer, faults = broken(OperationalError("gone"), lambda browser: browser.get("/entrer/a-secret/"))
    assert answer.status_code == 503
    assert faults[0]["view"] == "sign_in_link"


def test_a_mistake_of_ours_is_told_to_the_admin_by_its_place_and_never_by_its_words(aubin, broken):
    answer, faults = broken(ValueError("what Julie wrote"), lambda browser: browser.get("/entrer/a-secret/"))
    assert (answer.status_code, "Retry-After" in answer) == (500, False)
    assert len(faults) == 1
    assert (faults[0]["view"], faults[0]["error"]) == ("sign_in_link", "ValueError")
    assert "instance/web/signing_in.py:" in faults[0]["at"]
    assert "Julie" not in str(faults) and "a-secret" not in str(faults)
