"""What is owed is paid: once, in order, to houses that are open, and again later to those that were not at home."""

from datetime import timedelta

import orjson
import pytest
from django.utils.http import http_date
from django.utils.timezone import now
from structlog.testing import capture_logs

from federation import delivery, ids, keys, peers
from federation.models import Delivery, Key, Peer
from tests.federation.owing import JULIEN, answering, leaving, news, only_what_is_due, owe

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
    answering(martel, 403)
    delivery.pay_due()
    wait = (Delivery.objects.get().due_at - now()).total_seconds()
    assert 0.9 * minutes * MINUTE - 10 < wait < 1.1 * minutes * MINUTE


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("3600", 3590, 3600),
        ("10", 40, 1.1 * MINUTE),  # not sooner than we would
        ("99999999", DAY - 10, DAY),  # nor for ever
        ("Wed, 21 Oct 2026 07:28:00 GMT", 40, 1.1 * MINUTE),  # over
        ("{in_an_hour}", 3590, 3600),
        ("Wed, 21 Oct 2026 07:28:00", 40, 1.1 * MINUTE),  # of no time zone
        ("soon", 40, 1.1 * MINUTE),
        ("-3600", 40, 1.1 * MINUTE),
        ("1e9", 40, 1.1 * MINUTE),
        ("Wed, 21 Oct 2026 07:28:00 +99999999999999999999", 40, 1.1 * MINUTE),  # beyond any calendar
        ("Wed, 21 Oct 99999999999999999999 07:28:00 GMT", 40, 1.1 * MINUTE),
    ],
)
def test_a_house_may_ask_for_time_within_reason(martel, asked, least, most):
    asked = asked.format(in_an_hour=http_date(now().timestamp() + 3600))
    wait = (pay(martel, 429, Retry_After=asked).due_at - now()).total_seconds()
    assert least < wait <= most


def test_what_one_house_asks_for_never_costs_what_another_answered(martel, vernay):
    """All answers of a moment are written down together."""
    answering(martel, 503, Retry_After="Wed, 21 Oct 2026 07:28:00 +99999999999999999999")
    answering(vernay, 202)
    owe(martel, news(1))
    owe(vernay, news(2))
    delivery.pay_due()
    assert Delivery.objects.get(host=vernay.host).state == "sent"
    assert len(vernay.asked) == 1


@pytest.mark.parametrize("status", [401, 403, 408, 425])
def test_a_letter_that_is_refused_for_a_week_is_abandoned_aloud(martel, status):
    owe(martel, news(1))
    Delivery.objects.update(state_since=now() - timedelta(days=7, minutes=1), attempts=7)
    answering(martel, status)
    with capture_logs() as logs:
        delivery.pay_due()
    assert [(log["event"], log["log_level"]) for log in logs] == [("delivery.abandoned", "error")]
    assert Delivery.objects.values_list("state", "attempts").get() == ("abandoned", 8)
    assert Delivery.objects.get().dispatch.document, "an admin may owe it again"


@pytest.mark.parametrize(("days", "attempts"), [(6, 13), (30, 3)])
def test_a_letter_has_a_week_and_its_tries(martel, days, attempts):
    """Behind a house that was down for a month, it may have been tried three times."""
    owe(martel, news(1))
    Delivery.objects.update(state_since=now() - timedelta(days=days), attempts=attempts)
    answering(martel, 403)
    delivery.pay_due()
    assert Delivery.objects.get().state == "waiting"


def test_rooms_above_add_headers_that_know_the_row(martel):
    seen = []

    def synchronization(row):
        seen.append((row.host, row.dispatch.sender_uri, row.dispatch.document["type"]))
        return {"collection-synchronization": 'collectionId="x"'}

    delivery.EXTRA_HEADERS.append(synchronization)
    try:
        pay(martel, 202)
    finally:
        delivery.EXTRA_HEADERS.remove(synchronization)
    assert seen == [(martel.host, JULIEN, "Create")]
    assert martel.asked[0][2]["collection-synchronization"] == 'collectionId="x"'


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
    assert leaving() == [news(1)["id"], news(2)["id"]]
    only_what_is_due()
    assert leaving() == [news(3)["id"]]


def test_news_of_one_thing_leave_in_order_in_one_go(martel):
    owe(martel, *[news(each, of="post", type="Update") for each in range(12)])
    answering(martel, 202)
    assert delivery.pay_due() == 12
    assert [orjson.loads(body)["id"] for _, _, _, body in martel.asked] == [news(each)["id"] for each in range(12)]


def test_news_behind_older_news_that_wait_are_due_with_them(martel):
    answering(martel, 403)
    owe(martel, news(1, of="post"))
    delivery.pay_due()
    owe(martel, news(2, of="post", type="Update"), news(3))
    answering(martel, 202)
    delivery.pay_due()
    first, second, other = Delivery.objects.order_by("pk")
    assert (first.state, second.state, other.state) == ("waiting", "waiting", "sent")
    assert first.due_at == second.due_at


def test_news_of_one_thing_do_not_wait_for_another_house(martel, vernay):
    answering(martel, 403)
    owe(martel, news(1, of="post"))
    delivery.pay_due()
    owe(vernay, news(2, of="post", type="Update"))
    assert leaving() == [news(2)["id"]]


def test_people_who_like_one_post_do_not_wait_for_each_other(martel):
    hers = news(2, of="post", type="Like") | {"actor": ids.actor_uri("01HELENE")}
    owe(martel, news(1, of="post", type="Like"), hers)
    assert len(leaving()) == 2


def test_what_is_abandoned_does_not_hold_up_what_follows(martel):
    owe(martel, news(1, of="post"))
    answering(martel, 410)
    delivery.pay_due()
    owe(martel, news(2, of="post", type="Delete"))
    assert len(leaving()) == 1


def test_rows_for_a_suspended_house_wait_for_its_return(martel):
    owe(martel, news(1))
    answering(martel, 202)
    peer = Peer.objects.get()
    peers.suspend(peer)
    assert delivery.pay_due() == 0
    peers.resume(peer)
    assert delivery.pay_due() == 1
    assert Delivery.objects.get().state == "sent"
