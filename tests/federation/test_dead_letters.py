"""What was given up stays, may be owed again, and keeps its text until every inbox has it."""

import pytest

from federation import delivery, keys
from federation.models import Delivery, Dispatch
from tests.federation.owing import JULIEN, answering, news, owe

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def julien_signs(db):
    keys.generate(JULIEN)


def pay(house, status):
    owe(house, news(1))
    answering(house, status)
    delivery.pay_due()
    return Delivery.objects.get()


def test_a_letter_that_was_given_up_may_be_owed_again(martel, vernay):
    row = pay(martel, 410)
    answering(martel, 202)
    assert delivery.pay_due() == 0
    assert delivery.retry(row.pk)
    delivery.pay_due()
    row.refresh_from_db()
    assert (row.state, row.attempts, row.answer) == ("sent", 1, "202")
    assert not delivery.retry(row.pk)


def test_what_was_withdrawn_is_not_owed_again(martel):
    row = pay(martel, 410)
    Dispatch.objects.update(document={})
    assert not delivery.retry(row.pk)
    assert Delivery.objects.get().state == "abandoned"


def test_what_was_withdrawn_while_it_waited_does_not_leave(martel):
    owe(martel, news(1))
    Dispatch.objects.update(document={})
    delivery.pay_due()
    row = Delivery.objects.get()
    assert (row.state, row.answer, martel.asked) == ("abandoned", "what it told was withdrawn", [])


def test_the_text_is_forgotten_once_every_inbox_has_it(martel, vernay):
    delivery.send(news(1), [f"{house.origin}/inbox" for house in (martel, vernay)], JULIEN)
    answering(martel, 202)
    answering(vernay, 410)
    delivery.pay_due()
    assert Dispatch.objects.get().document == news(1), "one was given up, and may be owed again"
    answering(vernay, 202)
    delivery.retry(Delivery.objects.get(host=vernay.host).pk)
    delivery.pay_due()
    assert Dispatch.objects.get().document == {}
