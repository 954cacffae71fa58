"""Which letters leave next, and what it costs to know when most of what waits cannot leave."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from federation import delivery, departures, ids, keys, peers
from federation.departures import BACKFILL, FAN_OUT, INTERACTIVE, TALK
from federation.documents import Answer
from federation.models import Delivery, Dispatch, Peer
from federation.settling import Told, settle
from tests.federation.owing import JULIEN, answering, hamlets, leaving, news, owe, take

pytestmark = pytest.mark.django_db
MANY = 100_000


@pytest.fixture(autouse=True)
def julien_signs(db):
    keys.generate(JULIEN)


def owe_as(urgency, *letters, house="127.0.2.1"):
    Peer.objects.get_or_create(host=house, defaults={"state": "active"})
    for each in letters:
        delivery.send(each, [f"http://{house}/inbox"], JULIEN, urgency)


# --- Who is first ---


def test_what_somebody_waits_for_leaves_before_what_goes_to_many():
    owe_as(BACKFILL, news(1))
    owe_as(FAN_OUT, news(2))
    owe_as(INTERACTIVE, news(3))
    owe_as(TALK, news(4))
    assert leaving() == [news(number)["id"] for number in (4, 3, 2, 1)]


def test_a_letter_to_few_is_more_urgent_than_one_to_many():
    hamlets(delivery.FEW)
    assert set(Delivery.objects.values_list("urgency", flat=True)) == {INTERACTIVE}
    Peer.objects.all().delete()
    Delivery.objects.all().delete()
    hamlets(delivery.FEW + 1)
    assert set(Delivery.objects.values_list("urgency", flat=True)) == {FAN_OUT}


def test_among_houses_the_urgent_leave_first_whoever_came_first():
    hamlets(20)
    owe_as(INTERACTIVE, news(2))
    assert [row.host for row in take(1)] == ["127.0.2.1"]


def test_urgent_letters_without_end_do_not_starve_the_others():
    """To one house and to many: of each batch, a share goes to what has waited longest."""
    owe_as(BACKFILL, news(0))
    owe_as(BACKFILL, news(1), house="127.0.2.2")
    for batch in range(1, 4):
        for number in range(12):
            owe_as(INTERACTIVE, news(100 * batch + number))
            owe_as(INTERACTIVE, news(100 * batch + 50 + number), house=f"127.0.3.{number}")
        rows = take(8)
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(state="sent")
    assert not Delivery.objects.filter(urgency=BACKFILL, state="waiting").exists()


def test_news_that_wait_for_less_urgent_elders_do_not_stand_in_their_way():
    """Even when there is a place for one letter only."""
    owe_as(FAN_OUT, *[news(number, of=f"{number}") for number in range(6)])
    owe_as(INTERACTIVE, *[news(10 + number, of=f"{number}", type="Update") for number in range(6)])
    assert len(take()) == departures.FEW
    Delivery.objects.update(leased_until=None)
    Peer.objects.update(failures=1)
    assert len(take()) == 1


def test_news_whose_elders_were_due_again_only_now_follow_them():
    owe_as(FAN_OUT, news(1, of="post"), news(2, of="post", type="Update"))
    Delivery.objects.filter(dispatch__activity_uri=news(2)["id"]).update(due_at=now() - timedelta(hours=1))
    Peer.objects.update(failures=1)
    assert [row.dispatch.activity_uri for row in take()] == [news(1)["id"]]


def test_every_house_has_its_turn():
    """One that is owed much does not come before those that are owed little."""
    owe_as(FAN_OUT, *[news(number) for number in range(10)])
    hamlets(4)
    assert len({row.host for row in take(5)}) == 5


# --- Who must wait ---


def test_a_house_that_is_not_on_the_list_is_owed_its_letters_still(martel):
    owe(martel, news(1))
    Peer.objects.all().delete()
    assert take() == []
    assert Delivery.objects.get().state == "waiting"


@pytest.mark.parametrize("state", ["suspended", "asked"])
def test_only_talk_leaves_for_a_house_that_is_not_open(martel, state):
    answering(martel, 202)
    Peer.objects.update(state=state)
    owe(martel, news(1))
    delivery.send(news(2, type="Offer"), [f"{martel.origin}/inbox"], JULIEN, urgency=TALK)
    delivery.pay_due()
    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == ["waiting", "sent"]


@pytest.mark.parametrize("state", ["blocked", None])
def test_not_even_talk_leaves_for_a_house_that_is_blocked_or_unknown(martel, state):
    Peer.objects.update(state=state) if state else Peer.objects.all().delete()
    delivery.send(news(2, type="Offer"), [f"{martel.origin}/inbox"], JULIEN, urgency=TALK)
    assert delivery.pay_due() == 0
    assert martel.asked == []


@pytest.mark.parametrize("urgency", [TALK, FAN_OUT])
def test_a_house_that_is_struck_off_at_the_moment_of_departure_gets_nothing(martel, monkeypatch, urgency):
    """The list is asked again by the door itself; it is asked once more a minute later."""
    delivery.send(news(1), [f"{martel.origin}/inbox"], JULIEN, urgency)
    real = departures.take

    def strike_off(*args):
        taken = real(*args)
        Peer.objects.update(state="blocked")
        return taken

    monkeypatch.setattr(departures, "take", strike_off)
    delivery.pay_due()
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.leased_until, martel.asked) == ("waiting", 0, None, [])
    assert 50 < (row.due_at - now()).total_seconds() <= 60
    assert Peer.objects.get().failures == 0


def test_the_list_is_asked_once_for_many_houses():
    hamlets(30)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(peers.admitted([f"127.0.1.{number}" for number in range(40)])) == 30
    assert len(asked) == 1


# --- What it costs ---


def crowd(**states):
    """For each of some houses, a hundred thousand rows in all, written by the database itself."""
    Peer.objects.bulk_create([Peer(host=host, **columns) for host, columns in states.items() if columns])
    dispatch = Dispatch.objects.create(activity_uri=ids.activity_uri("X"), object_uri="x", sender_uri=JULIEN)
    share = MANY // len(states)
    for host in states:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO federation_delivery"
                " (dispatch_id, inbox, host, urgency, state, state_since, attempts, due_at, answer)"
                " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)"
                " SELECT %s, %s || i, %s, 2, 'waiting', %s, 0, %s, '' FROM n",
                [share, dispatch.pk, f"http://{host}/", host, now(), now()],
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE federation_delivery")
        cursor.execute("ANALYZE federation_peer")


@pytest.fixture
def hopeless(db):
    """Rows for houses that are down, suspended, unknown, or that refuse each letter for now."""
    down = {"state": "active", "failures": 3, "try_at": now().replace(year=2100)}
    crowd(
        **{
            "down.example": down,
            "closed.example": {"state": "suspended"},
            "unknown.example": {},
            "angry.example": {"state": "active"},
        }
    )
    Delivery.objects.filter(host="angry.example").update(due_at=now().replace(year=2100))


def examined(statement):
    """Rows of deliveries that PostgreSQL looked at; SQLite tells of no number, but whether it reads all."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
            plan = cursor.fetchone()[0]
            return count(plan[0]["Plan"] if isinstance(plan, list) else json.loads(plan)[0]["Plan"])
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        steps = [step[3] for step in cursor.fetchall()]
    precise = r"delivery_(oldest \(host=\? AND due_at|next \(host=\?|order \(dispatch_id=\? AND host)|PRIMARY KEY"
    mine = [step for step in steps if re.match(r"(SCAN|SEARCH) (federation_delivery|[UV]0)\b", step)]
    assert mine
    return MANY * sum(not re.search(precise, step) for step in mine)


def count(node):
    own = 0
    if node.get("Relation Name") == "federation_delivery":
        removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        own = (node["Actual Rows"] + removed) * node["Actual Loops"]
    return own + sum(count(child) for child in node.get("Plans", []))


def test_a_hundred_thousand_rows_that_cannot_leave_cost_nothing(hopeless):
    hamlets(30)
    with CaptureQueriesContext(connection) as asked:
        assert len(take(100)) == 30
    statements = [query["sql"] for query in asked if "federation_delivery" in query["sql"]]
    assert len(statements) == 5, "two looks at houses, one at our own, the rows, their lease"
    assert sum(examined(each) for each in statements if each.startswith("SELECT")) < 2_000


def test_news_that_may_be_behind_older_news_are_told_without_reading_all_that_waits(db):
    crowd(**{"one.example": {"state": "active"}})
    owe_as(INTERACTIVE, news(1, of="post"), news(2, of="post", type="Update"), house="one.example")
    with CaptureQueriesContext(connection) as asked:
        assert news(2)["id"] not in [row.dispatch.activity_uri for row in take(100)]
    statements = [query["sql"] for query in asked if query["sql"].startswith("SELECT")]
    assert sum(examined(each) for each in statements if "federation_delivery" in each) < 200


def test_a_hundred_thousand_rows_that_may_leave_are_not_all_looked_at(db):
    crowd(**{f"{number}.example": {"state": "active"} for number in range(10)})
    with CaptureQueriesContext(connection) as asked:
        assert len(take(100)) == 10 * departures.FEW
    statements = [query["sql"] for query in asked if query["sql"].startswith("SELECT")]
    assert sum(examined(each) for each in statements if "federation_delivery" in each) < 4_000


def test_as_many_statements_whatever_the_number_of_rows(martel):
    counts = []
    for number in (1, 4):
        owe(martel, *[news(10 * number + each) for each in range(number)])
        with CaptureQueriesContext(connection) as asked:
            taken, _ = departures.take(100, {}, {})
            letters = [letter for _, _, letter in delivery.courier.letters.of_rows(taken)]
            settle([Told(*each, Answer(202, {}, b"", "")) for each in taken])
        assert len(letters) == number
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 20


def test_thousands_of_inboxes_are_written_a_few_at_a_time(db, monkeypatch):
    sizes, real = [], Delivery.objects.bulk_create

    def write(rows, **how):
        sizes.append(len(rows))
        return real(rows, **how)

    monkeypatch.setattr(Delivery.objects, "bulk_create", write)
    delivery.send(news(1), [f"http://127.0.{n // 250}.{n % 250}/inbox" for n in range(2_000)], JULIEN)
    assert max(sizes) <= 500
    assert Delivery.objects.count() == 2_000
