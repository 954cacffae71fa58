"""What it costs to know which letters leave next, when most of what waits cannot leave."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from federation import delivery, departures, ids, keys
from federation.documents import Answer
from federation.lined_up import INTERACTIVE
from federation.models import Delivery, Dispatch, Peer
from federation.settling import Told, settle
from tests.federation.owing import JULIEN, hamlets, news, owe, take

pytestmark = pytest.mark.django_db
MANY = 100_000


@pytest.fixture(autouse=True)
def julien_signs(db):
    keys.generate(JULIEN)


def owe_as(urgency, *letters, house="127.0.2.1"):
    Peer.objects.get_or_create(host=house, defaults={"state": "active"})
    for each in letters:
        delivery.send(each, [f"http://{house}/inbox"], JULIEN, urgency)


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


def test_news_of_a_thing_that_have_left_are_not_named_one_by_one(db):
    """A statement holds so many values, and no more: whoever follows anew each second must not stop all letters."""
    owe_as(INTERACTIVE, news("x", of="post"))
    Delivery.objects.update(state="sent")
    thing = Dispatch.objects.get().object_uri
    Dispatch.objects.update(document={})
    Dispatch.objects.bulk_create(
        Dispatch(activity_uri=f"urn:{number}", object_uri=thing, sender_uri=JULIEN) for number in range(500)
    )
    owe_as(INTERACTIVE, news("y", of="post"))
    with CaptureQueriesContext(connection) as asked:
        assert [row.dispatch.activity_uri for row in take(100)] == [news("y")["id"]]
    assert max(len(query["sql"]) for query in asked) < 3_000


def test_nor_does_it_matter_how_many_of_them_nobody_takes(db):
    for number in range(25):
        owe_as(INTERACTIVE, news(number, of="post"))
    Delivery.objects.exclude(dispatch__activity_uri=news(3)["id"]).update(state="abandoned")
    owe_as(INTERACTIVE, news("last", of="post"))
    assert [row.dispatch.activity_uri for row in take(100)] == [news(3)["id"]]
