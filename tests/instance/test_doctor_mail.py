"""Whoever runs the house is written to when something needs a person, and not every hour."""

import io
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils.timezone import now

from actors import arrivals
from tests.instance.broken_houses import owe
from tests.instance.post_office import PostOffice


@pytest.fixture
def office(settings, tmp_path):
    office = PostOffice()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    settings.ADMIN_EMAIL, settings.DATA = "dsi@aubin.example", tmp_path
    yield office
    office.stop()


@pytest.fixture
def examined(aubin, vernay):
    """Only what this test breaks is looked at; what the command writes."""

    def run(*checks):
        out, only = io.StringIO(), [f"--only={each}" for each in checks or ("lettres mortes", "clés")]
        with suppress(SystemExit):
            call_command("doctor", "--mail", *only, stdout=out, stderr=out)
        return out.getvalue()

    return run


def test_a_sound_house_writes_nothing(office, examined):
    examined()
    assert office.letters == []


def test_it_is_told_once_then_each_week_and_when_it_is_over(office, examined, vernay):
    letter = owe(vernay, state="abandoned")
    assert "Écrit à dsi@aubin.example." in examined()
    examined()
    (told,) = office.letters
    assert (told["to"], told["subject"]) == ("dsi@aubin.example", "[Préau localhost:8000] À faire : 1.")
    assert told["from"] == "Préau <preau@localhost>"
    body = told.get_content()
    assert "! Des lettres ont été abandonnées" in body and "    preau queue dead" in body
    with time_machine.travel(now() + timedelta(days=8)):
        examined()
        assert len(office.letters) == 2
        letter.delete()
        examined()
        examined()
    assert [each["subject"] for each in office.letters[2:]] == ["[Préau localhost:8000] Tout va bien."]


def test_it_is_told_in_the_language_of_the_instance(office, examined, vernay, settings):
    settings.LANGUAGE = "en"
    owe(vernay, state="abandoned")
    examined()
    assert office.letters[0]["subject"] == "[Préau localhost:8000] To do: 1."
    assert "! Letters were given up in the last fourteen days (1)." in office.letters[0].get_content()


def test_what_is_new_is_told_beside_what_was_known(office, examined, vernay, settings):
    owe(vernay, state="abandoned")
    examined()
    settings.KEYS_SECRET = "Zm9yIHRoaXMgdGVzdCBvbmx5LCBhbmQgc29tZSBtb3I="
    examined()
    assert office.letters[1]["subject"].endswith("À faire : 2.")
    assert office.letters[1].get_content().startswith("✗ PREAU_KEYS_SECRET")  # the worst first


def test_what_was_not_looked_at_is_not_over(office, examined, vernay):
    owe(vernay, state="abandoned")
    examined()
    examined("clés")
    examined()
    assert len(office.letters) == 1


def test_what_is_over_and_comes_again_is_news(office, examined, vernay, settings):
    owe(vernay, state="abandoned")
    right, wrong = settings.KEYS_SECRET, "Zm9yIHRoaXMgdGVzdCBvbmx5LCBhbmQgc29tZSBtb3I="
    for settings.KEYS_SECRET in (wrong, right, wrong):
        examined()
    assert [each["subject"][-4:] for each in office.letters] == [": 2.", ": 2."]


def test_what_could_not_be_sent_is_sent_next_time(office, examined, vernay):
    owe(vernay, state="abandoned")
    office.takes = False
    assert "Rien n’a pu être écrit" in examined()
    office.takes = True
    examined()
    assert len(office.letters) == 1


def test_a_mail_server_that_is_silent_is_a_finding(office, settings, db):
    call_command("doctor", "--only", "courrier", stdout=io.StringIO())
    office.stop()
    out = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("doctor", "--only", "courrier", stdout=out)
    assert end.value.code == 2 and "PREAU_SMTP_URL" in out.getvalue()


def test_nobody_is_written_to_whom_no_address_was_given(office, examined, vernay, settings):
    settings.ADMIN_EMAIL = ""
    owe(vernay, state="abandoned")
    assert "PREAU_ADMIN_EMAIL" in examined()
    assert office.letters == []


def test_a_letter_names_no_agent(office, examined, vernay, julien):
    arrivals.invite("Hélène Vasseur", role="admin")
    owe(vernay, state="abandoned")
    examined()
    assert "julien" not in str(office.letters[0]).lower()
