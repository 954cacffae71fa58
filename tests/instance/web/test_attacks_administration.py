"""Whatever a house calls itself, and whatever is posted there: the admins' pages stay what they are."""

import pytest
from django.test import Client

from actors.models import Exchange
from federation.models import Peer
from tests.actors.talking import knock, offer, open_office, state_of

pytestmark = pytest.mark.django_db
ROOT = "/administration/"
STRANGE = "<img src=x onerror=alert(1)>\"'&{{x}}%(house)s%s"


def of(house, deed=""):
    return f"{ROOT}collectivites/{house.host}/{deed}"


@pytest.mark.row(69)
@pytest.mark.parametrize("state", ["requested", "offered", "active", "blocked"])
def test_the_name_of_a_house_is_only_a_name(at_marc, vernay, state):
    for deed in ("", "rompre/", "bloquer/"):
        Peer.objects.update(name=STRANGE, state=state)
        assert "<img src=x" not in at_marc.get(of(vernay, deed)).content.decode()
    for deed in ("accepter/", "refuser/", "demander/", "suspendre/", "reprendre/", "debloquer/", "actualiser/"):
        Peer.objects.update(name=STRANGE, state=state)
        said = {"contact": "dpo@aubin.example", "words": STRANGE}
        answer = at_marc.post(of(vernay, deed), said, follow=True)
        assert answer.status_code == 200
        assert "<img src=x" not in answer.content.decode(), deed


@pytest.mark.row(101)
@pytest.mark.parametrize("deed", ["accepter/", "refuser/", "demander/"])
def test_what_an_admin_writes_is_a_line_of_text(stranger, client, at_marc, deed):
    knock(stranger, client, offer(open_office(stranger)))
    at_marc.post(f"{ROOT}inconnues/{stranger.host}/verifier/")
    at_marc.post(of(stranger, deed), {"contact": "dpo@aubin.example", "words": "a\0\u202eb" + "x" * 10_000})
    (said,) = Exchange.objects.filter(ours=True)
    assert said.words.startswith("abx") and len(said.words) == 2_000


@pytest.mark.row(99)
def test_nothing_is_done_without_the_forms_own_secret(vernay, marc, settings):
    browser = Client(headers={"host": settings.HOST}, enforce_csrf_checks=True)
    browser.force_login(marc.agent)
    deeds = [of(vernay, deed) for deed in ("suspendre/", "bloquer/", "rompre/")]
    for path in [*deeds, f"{ROOT}file/reessayer/", f"{ROOT}proposer/"]:
        assert browser.post(path).status_code == 403
    assert state_of(vernay) == "active"


def test_looking_changes_nothing(vernay, at_marc):
    for deed in ("accepter", "refuser", "suspendre", "actualiser", "rompre", "bloquer"):
        at_marc.get(of(vernay, f"{deed}/"), {"words": "x", "contact": "a@b.example"})
    assert state_of(vernay) == "active"
    assert not vernay.asked
