"""What was reported, shown to those who moderate."""

import pytest

from actors import arrivals
from inbox import moderation
from inbox.models import Report

PAGE, DEED = "/administration/signalements/", "/administration/signalements/traiter/"


@pytest.fixture
def at_odile(sign_in, aubin):
    return sign_in(arrivals.invite("Odile Renard", role="moderator").actor)


def test_for_others_nothing_is_there(at_julien, helene, julien):
    row = moderation.report(helene, julien)
    assert at_julien.get(PAGE).status_code == 404
    assert at_julien.post(DEED, {"signalement": row.pk}).status_code == 404
    assert "Signalements" not in at_julien.get("/menu/").content.decode()
    assert not Report.objects.get().handled


@pytest.mark.parametrize("said", ["", "x", "999999", "9" * 30, "١٢"])
def test_a_report_that_is_none_is_not_there(at_odile, said):
    assert at_odile.post(DEED, {"signalement": said}).status_code == 404


def test_a_private_post_is_not_opened_by_a_report(at_odile, julien, helene, publish, text_of):
    shown, secret = publish(helene, "Place du marché"), publish(helene, "Entre nous deux", "named", named=(julien,))
    moderation.report(julien, helene, [shown, secret], "<b>Injures</b>", "violation")
    page = text_of(at_odile.get(PAGE))
    assert "Place du marché" in page and "Entre nous" not in page and "1 publication que vous ne lisez pas" in page
    assert "Contraire à la charte" in page and "<b>Injures</b>" in page and "Signalé par Julien Mercier" in page
    assert "&lt;b&gt;Injures" in at_odile.get(PAGE).content.decode()


def test_a_moderator_sees_to_it_and_may_look_again(at_odile, at_marc, julien, helene, text_of):
    row = moderation.report(julien, helene)
    assert at_odile.post(DEED, {"signalement": row.pk, "traite": "oui"}).url == PAGE
    assert "traité" in text_of(at_marc.get(PAGE)) and "Hélène Vasseur" in text_of(at_marc.get(PAGE))
    at_marc.post(DEED, {"signalement": row.pk, "traite": "non"})
    assert not Report.objects.get().handled


def test_a_moderator_finds_it_in_the_menu_and_nothing_of_the_admins(at_odile, text_of):
    menu = text_of(at_odile.get("/menu/"))
    assert PAGE in menu and "/administration/file/" not in menu
    assert "/administration/file/" not in text_of(at_odile.get(PAGE)) and "Aucun signalement" in text_of(
        at_odile.get(PAGE)
    )
