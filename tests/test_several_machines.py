"""Two machines are one house, even through a PgBouncer whose every transaction has a session of its own."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from benchmarks.browser import Browser
from tests import poolers
from tests.listeners import SSE
from tests.machines import Machine
from tests.neighbour import Neighbour
from tests.towns import CommandFailed

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
SWEEP = 40.0  # seconds
STORY = """
from datetime import timedelta
from django.utils.timezone import now
from actors import follow_arrivals
from instance import applications, registering
from outbox import publishing, scheduling
from outbox.audience import Reach
from outbox.publishing import Draft
from outbox.wishes import Wish
julien, lucie = Actor.objects.get(name="Julien Mercier"), {lucie!r}
Peer.objects.create(host={host!r}, state="active", speaks_preau=True)
lucie = Actor.objects.create(
    uri=lucie, kind="Person", handle="lucie", host={host!r}, domain={host!r}, name="Lucie", local=False,
    inbox=f"{{lucie}}/inbox",
)
follow_arrivals.arrived(lucie, julien, f"{{lucie.uri}}/follows/1").step("accepted")
application, _ = registering.register("Essai", ["https://phanpy.test/"], "read write", "")
token = applications.give(application, "read write", julien.agent)
"""


class House(NamedTuple):
    """`one` and `other` are its machines, `vernay` the partner next door, `token` that of Julien's application."""

    one: Machine
    other: Machine
    vernay: Neighbour
    token: str

    @property
    def lucie(self) -> str:
        return f"{self.vernay.origin}/users/lucie"

    def letters(self, words: str) -> list[str]:
        """The ids of posts that came to Vernay and say this."""
        return [each["object"]["id"] for _, _, each in self.vernay.received if words in str(each.get("object"))]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    direct, redis_url = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/machines", os.environ["REDIS_URL"]
    if past := os.environ.get("TESTS_PAST_THE_POOLER"):
        direct = f"{past}/machines"
    with psycopg.connect(direct.replace("/machines", "/postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS machines WITH (FORCE)")
        connection.execute("CREATE DATABASE machines")
    folder, vernay = tmp_path_factory.mktemp("machines"), Neighbour()
    vernay.add_actor("lucie")
    with ExitStack() as stack:
        stack.callback(vernay.stop)
        pooled = stack.enter_context(poolers.pgbouncer(direct, forgetful=True)).address
        said = {"DATABASE_URL": pooled, "DATABASE_DIRECT_URL": direct, "REDIS_URL": redis_url}
        one = Machine(folder / "one", **said)
        other = Machine(folder / "other", one, **said)
        with ThreadPoolExecutor() as both:  # as two machines that start at the same time
            assert set(both.map(lambda each: each.manage("migrate", "--verbosity", "0"), (one, other))) == {""}
        one.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", ["Julien Mercier"])
        one.sh(STORY.format(host=vernay.host, lucie=f"{vernay.origin}/users/lucie"))
        stack.enter_context(one.at_work())
        stack.enter_context(other.at_work(streaming=True))
        yield House(one, other, vernay, one.ask("token"))


def test_who_signs_in_at_one_is_known_to_the_other(house: House):
    browser = Browser(house.one)
    browser.sign_in("Julien Mercier")
    browser.connection.close()
    browser.connection.port = house.other.port
    assert f'data-me="{house.one.ask("julien.ulid")}"' in browser.get("/")


def test_a_post_at_one_is_told_at_the_other_and_leaves_once(house: House):
    with SSE(house.other.stream, "/user", house.token, house.one.host) as ear:
        headers = {"authorization": f"Bearer {house.token}", "content-type": "application/x-www-form-urlencoded"}
        said = b"status=conseil+municipal&visibility=private"
        assert house.one.call("POST", "/api/v1/statuses", said, headers)[0] == 200
        assert "conseil municipal" in ear.next(20)[1]
    house.one.wait_until("not Delivery.objects.exclude(state='sent').exists()", SWEEP)
    assert len(house.letters("conseil municipal")) == 1
    status, page = house.other.call("GET", "/api/v1/timelines/home", None, headers)
    assert status == 200 and b"conseil municipal" in page


def test_a_letter_that_comes_to_both_is_handled_once(house: House):
    activity = house.vernay.create(house.lucie, [house.one.ask("julien.uri")])
    assert [each.receive(house.vernay, activity) for each in (house.one, house.other)] == [202, 202]
    house.one.wait_until(f"Receipt.objects.get(uri={activity['id']!r}).state == 'handled'", SWEEP)
    told = f"Notification.objects.filter(post__uri={activity['object']['id']!r}).count()"
    assert house.one.ask(told) == 1


def test_two_that_sweep_publish_what_was_scheduled_once(house: House):
    house.one.sh("""
        scheduling.schedule(julien, Wish(Draft("marché de samedi"), Reach("followers")), now() + timedelta(hours=1))
        Scheduled.objects.update(due_at=now())
    """)
    house.one.wait_until(lambda: bool(house.letters("marché de samedi")), SWEEP)
    house.one.wait_until("not Delivery.objects.exclude(state='sent').exists()", SWEEP)
    assert len(house.letters("marché de samedi")) == 1


def test_maintenance_at_one_closes_the_other(house: House):
    def answers(status: int) -> bool:
        return [each.call("GET", "/health")[0] == status for each in (house.one, house.other)] == [True, True]

    house.one.sh("call_command('maintenance', 'on')")
    house.other.wait_until(lambda: answers(503), 5)
    assert house.other.ask("__import__('federation.hallway').hallway.at_rest()")
    house.one.sh("call_command('maintenance', 'off')")
    house.other.wait_until(lambda: answers(200), 5)


def test_it_is_backed_up_past_the_pooler_and_not_replaced_while_another_machine_runs(house: House, tmp_path: Path):
    house.one.manage("backup", "--to", str(tmp_path))
    [backup] = tmp_path.glob("preau-*")
    with pytest.raises(CommandFailed, match=r"sur chacune de ses machines.*pgbouncer"):
        house.other.manage("restore", str(backup), "--replace")


def test_sessions_of_the_pooler_know_what_costs(house: House):
    asked = "(lambda c: (c.execute('SHOW random_page_cost'), c.fetchone()[0])[1])({})"
    cursor = "__import__('django').db.connection.cursor()"
    assert house.other.ask(asked.format(cursor)) == "1.1"


def test_the_doctor_says_when_the_settings_name_no_way_past_the_pooler_or_a_wrong_one(house: House):
    codes = "[each.code for each in database.reached(Examination())]"
    house.other.sh("from instance.doctor import database\nfrom instance.doctor.examination import Examination")
    assert house.other.ask(codes) == []
    direct = house.other.ask("settings.DIRECT")
    for said, found in ({**direct, "PORT": 1}, "base-directe"), ({}, "pooler-non-dit"):
        house.other.sh(f"settings.DIRECT = {said!r}")
        assert house.other.ask(codes) == [found]
    house.other.sh(f"settings.DIRECT = {direct!r}")
