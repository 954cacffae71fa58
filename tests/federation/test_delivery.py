"""What is owed is paid: once, in order, to houses that are open, and again later to those that were not at home."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from federation import delivery, ids, keys, peers
from federation.models import Delivery, Key, Peer
from tests.federation.owing import JULIEN, answering, news, owe

pytestmark = pytest.mark.django_db
MINUTE, DAY = 60, 24 * 3600


@pytest.fixture(autouse=True)
def julien_signs(db):
    keys.generate(JULIEN)


def pay(house, status, **headers):
    """One letter that the house answers so; the row as it stands then."""
    owe(house, news(1))
    answering(house, status, **headers)
    delivery.pay_due()
    return Delivery.objects.get()


def test_a_letter_to_several_houses_is_owed_once_to_each(martel, vernay):
    inboxes = [f"{martel.origin}/inbox", f"{vernay.origin}/inbox", f"{martel.origin}/inbox"]
    delivery.send(news(1), inboxes, JULIEN)
    delivery.send(news(1), inboxes, JULIEN)
    assert set(Delivery.objects.values_list("host", flat=True)) == {martel.host, vernay.host}
    assert Delivery.objects.count() == 2


def test_a_letter_to_nobody_wakes_nobody(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as woken:
        delivery.send(news(1), [], JULIEN)
    assert (Delivery.objects.count(), woken) == (0, [])


def test_what_is_owed_is_signed_by_its_sender_and_paid(martel):
    row = pay(martel, 202)
    [(method, path, headers, body)] = martel.asked
    assert (method, path, row.state, row.answer, row.attempts) == ("POST", "/inbox", "sent", "202", 1)
    assert f'keyId="{JULIEN}#main-key"' in headers["signature"]
    assert news(1)["id"].encode() in body
    assert delivery.pay_due() == 0


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_what_a_house_took_is_sent(martel, status):
    assert pay(martel, status).state == "sent"


@pytest.mark.parametrize("status", [401, 403, 408, 425, 429, 500, 502, 503, 504])
def test_what_a_house_may_take_later_waits(martel, status):
    row = pay(martel, status)
    assert (row.state, row.answer, row.attempts, row.leased_until) == ("waiting", str(status), 1, None)
    assert row.due_at > now()


@pytest.mark.parametrize("status", [301, 308, 400, 404, 405, 410, 413, 422])
def test_what_a_house_will_not_take_is_abandoned(martel, status):
    row = pay(martel, status)
    assert (row.state, row.answer, row.attempts) == ("abandoned", str(status), 1)


def test_a_house_that_is_down_is_tried_again(martel):
    martel.stop()
    row = pay(martel, 202)
    assert (row.state, row.attempts) == ("waiting", 1)
    assert row.answer


@pytest.mark.parametrize(("attempts", "minutes"), [(0, 1), (1, 5), (2, 15), (3, 60), (6, 720), (7, 1440), (30, 1440)])
def test_tries_grow_rare(martel, attempts, minutes):
    owe(martel, news(1))
    Delivery.objects.update(attempts=attempts)
    answering(martel, 503)
    delivery.pay_due()
    wait = (Delivery.objects.get().due_at - now()).total_seconds()
    assert 0.9 * minutes * MINUTE - 10 < wait < 1.1 * minutes * MINUTE


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("3600", 3590, 3600),
        ("10", 40, 1.1 * MINUTE),  # not sooner than we would
        ("99999999", DAY - 10, DAY),  # nor for ever
        ("Wed, 21 Oct 2026 07:28:00 GMT", 40, 1.1 * MINUTE),
    ],
)
def test_a_house_may_ask_for_time_within_reason(martel, asked, least, most):
    wait = (pay(martel, 429, Retry_After=asked).due_at - now()).total_seconds()
    assert least < wait <= most


def test_after_a_week_of_silence_a_letter_is_abandoned(martel):
    owe(martel, news(1))
    Delivery.objects.update(state_since=now() - timedelta(days=7, minutes=1))
    answering(martel, 503)
    delivery.pay_due()
    assert Delivery.objects.get().state == "abandoned"


def test_a_sender_without_a_key_sends_nothing(martel):
    owe(martel, news(1))
    Key.objects.update(retired_at=now())
    delivery.pay_due()
    row = Delivery.objects.get()
    assert (row.state, row.answer, martel.asked) == ("abandoned", "the sender has no key any more", [])


def test_one_letter_that_cannot_be_made_does_not_stop_the_others(martel):
    delivery.send(news(1), [f"{martel.origin}/inbox"], ids.actor_uri("01NOBODY"))
    owe(martel, news(2))
    answering(martel, 202)
    delivery.pay_due()
    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == ["abandoned", "sent"]


def test_a_letter_up_our_own_stairs_waits_when_its_actor_is_not_found(db):
    delivery.send(news(1), [ids.shared_inbox()], JULIEN)
    delivery.pay_due()
    row = Delivery.objects.get()
    assert (row.state, row.answer) == ("waiting", JULIEN)


def test_news_of_one_thing_wait_for_older_news_of_it(martel):
    owe(martel, news(1, of="post"), news(2, of="other"), news(3, of="post", type="Update"))
    answering(martel, 202)
    assert [row.dispatch.activity_uri for row in delivery.due()] == [news(1)["id"], news(2)["id"]]
    delivery.pay_due()
    assert [row.dispatch.activity_uri for row in delivery.due()] == [news(3)["id"]]


def test_news_of_one_thing_do_not_wait_for_another_house(martel, vernay):
    answering(martel, 503)
    owe(martel, news(1, of="post"))
    delivery.pay_due()
    owe(vernay, news(2, of="post", type="Update"))
    assert [row.host for row in delivery.due()] == [vernay.host]


def test_people_who_like_one_post_do_not_wait_for_each_other(martel):
    owe(martel, news(1, of="post", type="Like"), news(2, of="post", type="Like"))
    assert len(delivery.due()) == 2


def test_what_is_abandoned_does_not_hold_up_what_follows(martel):
    owe(martel, news(1, of="post"))
    answering(martel, 410)
    delivery.pay_due()
    owe(martel, news(2, of="post", type="Delete"))
    assert len(delivery.due()) == 1


def test_rows_for_a_suspended_house_wait_for_its_return(martel):
    owe(martel, news(1))
    answering(martel, 202)
    peer = Peer.objects.get()
    peers.suspend(peer)
    assert delivery.pay_due() == 0
    peers.resume(peer)
    assert delivery.pay_due() == 1
    assert Delivery.objects.get().state == "sent"
