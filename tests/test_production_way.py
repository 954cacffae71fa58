"""The production way: PostgreSQL, Redis, two web processes, Celery workers and beat, and what happens when one ends."""

import os
import random
import signal
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from subprocess import Popen
from time import monotonic, sleep
from typing import Any

import pytest

from tests import migrated, servers
from tests.letter_boxes import LetterBoxes, followers_at
from tests.neighbour import Neighbour
from tests.towns import Town

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
HOUSES, POSTS = 20, 5
SWEEP = 40  # seconds, for a worker to find a broker again and a sweep to come by
THEIRS = "Delivery.objects.exclude(host=settings.HOST)"


class City(Town):
    """An instance served by two web processes; its Redis and its workers can be stopped and started."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.redis_port, self.redis = servers.free_port(), ExitStack()
        self.redis_url = f"redis://127.0.0.1:{self.redis_port}/0"
        super().__init__("saint-aubin", folder, DATABASE_URL=database_url, REDIS_URL=self.redis_url)

    def command(self) -> list[str]:
        served = [
            "--interface",
            "wsgi",
            "--workers",
            "2",
            "--blocking-threads",
            "2",
            "--no-ws",
            "--respawn-failed-workers",
        ]
        address = ["--host", "127.0.0.1", "--port", str(self.port)]
        return [sys.executable, "-m", "granian", *served, *address, "instance.wsgi:application"]

    def start_redis(self) -> None:
        self.redis.enter_context(servers.redis_server(self.redis_port))

    def stop_redis(self) -> None:
        self.redis.close()

    def worker(self, *, beat: bool = True) -> AbstractContextManager[Popen[bytes]]:
        return servers.worker(self.redis_url, self.variables, pool="prefork", beat=beat)

    def web_processes(self) -> list[str]:
        assert self.process
        pid = self.process.pid
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


@pytest.fixture(scope="module")
def boxes() -> Iterator[LetterBoxes]:
    boxes = LetterBoxes(HOUSES, random.Random(1), slowness=0.05)
    yield boxes
    boxes.stop()


@pytest.fixture(scope="module")
def house() -> Iterator[Neighbour]:
    house = Neighbour()
    house.add_actor("lucie")
    yield house
    house.stop()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, boxes: LetterBoxes, house: Neighbour) -> Iterator[City]:
    """Julien's house, with a follower behind each letter box and a partner next door."""
    city = City(tmp_path_factory.mktemp("city"), migrated.in_cluster("city"))
    city.start_redis()
    city.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", ["Julien Mercier"])
    city.sh(followers_at(boxes.hosts))
    city.sh(f"Peer.objects.create(host={house.host!r}, state='active', speaks_preau=True)")
    with city:
        yield city
    city.stop_redis()


def arrival(city: City, house: Neighbour) -> dict[str, Any]:
    """What Lucie writes to Julien."""
    return house.create(f"{house.origin}/users/lucie", [city.ask("julien.uri")])


def handled(activity: dict[str, Any]) -> str:
    return f"Receipt.objects.filter(uri={activity['id']!r}, state='handled').exists()"


def brought(boxes: LetterBoxes, since: int) -> int:
    return boxes.total() - since


def test_web_processes_keep_and_workers_do(city: City, house: Neighbour, boxes: LetterBoxes):
    before = boxes.total()
    assert len(city.web_processes()) >= 2
    activity = arrival(city, house)
    assert city.receive(house, activity) == 202
    city.sh("publish('un')")
    assert city.ask("[Receipt.objects.latest('pk').state, Post.objects.filter(local=False).count()]") == ["waiting", 0]
    with city.worker():
        city.wait_until(handled(activity))
        city.wait_until(lambda: brought(boxes, before) == HOUSES)
        city.wait_until(f"not {THEIRS}.exclude(state='sent').exists()")
    told = city.ask("list(Notification.objects.values_list('reason', 'post__uri'))")
    assert told == [["mention", activity["object"]["id"]]]


def test_a_web_process_that_is_killed_is_replaced_while_the_other_answers(city: City):
    before = city.web_processes()
    os.kill(int(before[0]), signal.SIGKILL)
    sleep(0.1)  # it may still have taken a request
    for _ in range(20):
        assert city.call("GET", "/sante/")[0] == 200
    city.wait_until(lambda: len(set(city.web_processes()) - set(before)) == 1)
    assert city.process
    assert city.process.poll() is None


def test_without_redis_rows_wait_and_a_sweep_finds_them(city: City, house: Neighbour, boxes: LetterBoxes):
    before = boxes.total()
    with city.worker():
        city.stop_redis()
        activity, started = arrival(city, house), monotonic()
        assert city.receive(house, activity) == 202
        city.sh("publish('deux')")
        assert monotonic() - started < 5
        assert city.ask(f"{THEIRS}.filter(state='waiting').count()") == HOUSES
        assert not city.ask(handled(activity))
        city.start_redis()
        city.wait_until(handled(activity), SWEEP)
        city.wait_until(lambda: brought(boxes, before) == HOUSES)


def test_what_a_dead_worker_had_taken_is_taken_again_when_its_lease_ends(city: City, boxes: LetterBoxes):
    before = boxes.total()
    with city.worker(beat=False) as worker:
        boxes.heard = lambda: os.killpg(worker.pid, signal.SIGKILL)
        city.sh("publish('trois')")
        worker.wait(20)
        boxes.heard = lambda: None
    leased = f"{THEIRS}.filter(state='waiting', leased_until__gt=__import__('django').utils.timezone.now())"
    assert city.ask(f"{leased}.count()") == HOUSES
    assert city.ask("__import__('federation.delivery').delivery.pay_due()") <= 1  # the letter of our own house
    city.sh(f"{leased}.update(leased_until=__import__('django').utils.timezone.now())")  # a minute goes by
    with city.worker():
        city.wait_until(f"not {THEIRS}.exclude(state='sent').exists()", SWEEP)
    published = city.ask(f"{THEIRS}.values('dispatch').distinct().count()")
    assert {host: len(taken) for host, taken in boxes.letters.items()} == dict.fromkeys(boxes.hosts, published)
    assert HOUSES <= brought(boxes, before) <= 2 * HOUSES


def test_two_workers_share_the_rows_and_pay_none_twice(city: City, boxes: LetterBoxes):
    before = boxes.total()
    with city.worker(), city.worker(beat=False):
        city.sh(f"for number in range({POSTS}): publish(number)")
        city.wait_until(f"not {THEIRS}.exclude(state='sent').exists()", SWEEP)
    assert brought(boxes, before) == HOUSES * POSTS
