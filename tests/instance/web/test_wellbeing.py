"""Admins read how the house fares in the words of `preau doctor`; for everybody else that page is not here."""

import socket
from datetime import timedelta
from time import monotonic

import pytest
from django.utils.timezone import now

from federation.models import Key
from instance.doctor.examination import load_checks
from instance.doctor.findings import CHECKS
from instance.web.wellbeing import SHOWN
from tests.instance.broken_houses import owe
from tests.instance.post_office import PostOffice

PAGE = "/administration/sante/"


@pytest.fixture(autouse=True)
def sound(settings):
    settings.WORK = "thread"
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)


def test_nobody_but_admins_reads_it(client, at_julien):
    assert at_julien.get(PAGE).status_code == 404
    assert client.get(PAGE).status_code == 302
    assert PAGE not in at_julien.get("/menu/").content.decode()


def test_a_sound_house_has_nothing_to_do(at_marc, text_of):
    """Not even when its only admin came by her first link, and has no password yet: she is asked for one elsewhere."""
    page = text_of(at_marc.get(PAGE))
    assert "Rien : tout va bien." in page.replace("\xa0", " ")
    assert "Les clés privées s’ouvrent." in page and "Rien n’attend." in page
    assert PAGE in at_marc.get("/menu/").content.decode()


def test_what_is_to_be_done_comes_first_with_the_command(at_marc, vernay, text_of):
    owe(vernay, due_at=now() - timedelta(days=1), state_since=now() - timedelta(days=1))
    owe(vernay, state="abandoned")
    page = text_of(at_marc.get(PAGE)).replace("\xa0", " ")
    fault, warning = page.index("Le travail de fond est arrêté"), page.index("Des lettres ont été abandonnées")
    assert fault < warning < page.index("Ce qui attend")
    assert "systemctl restart preau" in page and "preau queue dead" in page
    assert "1 lettre à envoyer" in page and "Le travail de fond avance" not in page


def test_it_is_in_the_reader_s_language(at_marc, marc, vernay, text_of):
    marc.agent.language = "en"
    marc.agent.save(update_fields=["language"])
    owe(vernay, state="abandoned")
    page = text_of(at_marc.get(PAGE))
    for said in ("What works", "The private keys open.", "Letters were given up in the last fourteen days (1)."):
        assert said in page


def test_it_calls_nobody_and_asks_little(at_marc, vernay, django_assert_max_num_queries):
    load_checks()
    shown = [each for each in CHECKS if each.name in SHOWN]
    assert len(shown) == len(SHOWN) and [each.name for each in shown if each.outside] == ["courrier"]
    with django_assert_max_num_queries(30):
        at_marc.get(PAGE)
    assert vernay.asked == []


def test_backups_and_mail_are_looked_at_too(at_marc, settings, text_of):
    office = PostOffice()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.ADMIN_EMAIL = "127.0.0.1", office.port, "dsi@aubin.example"
    page = text_of(at_marc.get(PAGE)).replace("\xa0", " ")
    assert "Le serveur de courrier répond." in page and "Il y a une sauvegarde récente" in page
    office.stop()
    Key.objects.update(fetched_at=now() - timedelta(days=3))
    page = text_of(at_marc.get(PAGE)).replace("\xa0", " ")
    assert "Le serveur de courrier ne prend rien" in page and "Aucune sauvegarde n’a encore été faite." in page
    assert "preau doctor --only courrier" in page and office.letters == []


def test_a_mail_server_that_says_nothing_is_not_waited_for_long(at_marc, settings, text_of):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        settings.ADMIN_EMAIL = "dsi@aubin.example"
        begun = monotonic()
        page = text_of(at_marc.get(PAGE)).replace("\xa0", " ")
    assert "Le serveur de courrier ne prend rien" in page and monotonic() - begun < settings.EMAIL_TIMEOUT
