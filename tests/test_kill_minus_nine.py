"""An embedded house killed with -9, again and again: what was written leaves, what was acknowledged is handled, once.

The moments are drawn from a seed that each test prints: PREAU_SEED=<seed> draws the same ones.
"""

import os
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import pytest

from tests.letter_boxes import LetterBoxes, followers_at
from tests.neighbour import Neighbour
from tests.towns import TROUBLE, Town

pytestmark = pytest.mark.slow
KILLS = 5
HOUSES, POSTS = 50, 3
LETTERS, SENDERS = 200, 4


@pytest.fixture
def luck() -> random.Random:
    seed = int(os.environ.get("PREAU_SEED", time.time_ns() % 1_000_000))
    print(f"PREAU_SEED={seed}")
    return random.Random(seed)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town("saint-aubin", tmp_path / "town")
    town.forked = False
    town.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", ["Julien Mercier"])
    with town:
        yield town


@pytest.fixture
def boxes(luck: random.Random) -> Iterator[LetterBoxes]:
    """Fifty houses that take up to a tenth of a second to answer."""
    boxes = LetterBoxes(HOUSES, luck, slowness=0.1)
    yield boxes
    boxes.stop()


def kill_amid(town: Town, boxes: LetterBoxes, letters: int, pause: float) -> None:
    """-9, when so many more letters were brought or a moment later, and a new start."""
    last = boxes.total() + letters

    def strike() -> None:
        if boxes.total() == last:
            boxes.loop.call_later(pause, town.process.kill) if pause else town.process.kill()

    boxes.heard = strike
    assert town.process.wait(20), f"{letters} letters did not leave"
    town.start()


def test_a_fan_out_to_fifty_houses_loses_nothing_when_killed(town: Town, boxes: LetterBoxes, luck: random.Random):
    town.sh(followers_at(boxes.hosts))
    for _ in range(KILLS):
        town.sh(f"for number in range({POSTS}): publish(number)")
        # While letters are made, carried, and their answers written down.
        kill_amid(town, boxes, luck.randint(1, HOUSES * POSTS), luck.choice([0, luck.uniform(0, 0.2)]))
    town.wait_until("not Delivery.objects.filter(state='waiting').exists()", 30)
    town.wait_until("not Receipt.objects.filter(state='waiting').exists()")
    owed = "Delivery.objects.exclude(host=settings.HOST)"
    published = town.ask(f"sorted({owed}.values_list('dispatch__activity_uri', flat=True).distinct())")
    assert len(published) == KILLS * POSTS
    assert {host: sorted(taken) for host, taken in boxes.letters.items()} == dict.fromkeys(boxes.hosts, published)
    letters = HOUSES * KILLS * POSTS
    assert town.ask(f"[{owed}.count(), {owed}.filter(state='sent').count()]") == [letters, letters]
    assert town.ask("Receipt.objects.filter(state='handled').count()") == KILLS * POSTS
    assert "locked" not in town.log.read_text()
    print(f"{boxes.total() - letters} of {letters} letters were brought again after {KILLS} kills")


class Burst:
    """Many hands that bring signed activities, each until it is acknowledged."""

    def __init__(self, house: Neighbour, town: Town, activities: list[dict[str, Any]]) -> None:
        self.house, self.town = house, town
        self.waiting: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self.acknowledged: list[str] = []
        self.end = time.monotonic() + 60
        for activity in activities:
            self.waiting.put(activity)

    def reached(self, number: int) -> bool:
        return len(self.acknowledged) >= number

    def bring_all(self) -> None:
        while True:
            try:
                activity = self.waiting.get_nowait()
            except Empty:
                return
            while not self.acknowledges(activity):
                assert time.monotonic() < self.end, f"{activity['id']} is never acknowledged"
                time.sleep(0.05)
            self.acknowledged.append(activity["id"])

    def acknowledges(self, activity: dict[str, Any]) -> bool:
        try:
            return self.town.receive(self.house, activity) == 202
        except TROUBLE:
            return False


@pytest.fixture
def house(town: Town) -> Iterator[Neighbour]:
    house = Neighbour()
    town.sh(f"Peer.objects.create(host={house.host!r}, state='active', speaks_preau=True)")
    yield house
    house.stop()


def test_a_burst_of_arrivals_is_handled_once_each_when_killed(town: Town, house: Neighbour, luck: random.Random):
    julien = town.ask("Actor.objects.get(name='Julien Mercier').uri")
    people = [house.add_actor(f"agent{number}") for number in range(5)]
    activities = [house.create(luck.choice(people), [julien]) for _ in range(LETTERS)]
    burst = Burst(house, town, activities)
    moments = sorted(luck.sample(range(1, LETTERS), KILLS))
    with ThreadPoolExecutor(SENDERS) as hands:
        work = [hands.submit(burst.bring_all) for _ in range(SENDERS)]
        for moment in moments:
            town.wait_until(partial(burst.reached, moment))
            time.sleep(luck.uniform(0, 0.05))
            town.kill()
            town.start()
    assert [each.exception() for each in work] == [None] * SENDERS
    town.wait_until("not Receipt.objects.filter(state='waiting').exists()", 30)
    sent, posts = sorted(each["id"] for each in activities), sorted(each["object"]["id"] for each in activities)
    assert sorted(burst.acknowledged) == sent
    assert town.ask("sorted(Receipt.objects.filter(state='handled').values_list('uri', flat=True))") == sent
    assert town.ask("sorted(Post.objects.values_list('uri', flat=True))") == posts
    assert town.ask("sorted(Notification.objects.values_list('post__uri', flat=True))") == posts
    assert "locked" not in town.log.read_text()
