"""The embedded way: one process that serves and works, next to houses that are slow, and told to stop in between."""

import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.letter_boxes import followers_at
from tests.neighbour import Neighbour
from tests.towns import Town

pytestmark = pytest.mark.slow


@pytest.fixture
def silent() -> Iterator[str]:
    """A house that lets itself be called and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield f"127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def house() -> Iterator[Neighbour]:
    house = Neighbour()
    house.add_actor("lucie")
    yield house
    house.stop()


@pytest.fixture
def town(tmp_path: Path, silent: str, house: Neighbour) -> Iterator[Town]:
    """Julien has a follower in the silent house, and one next door."""
    town = Town("saint-aubin", tmp_path / "town")
    town.forked = False
    town.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", ["Julien Mercier"])
    town.sh(followers_at([silent, house.host]))
    with town:
        yield town


def letters_of(house: Neighbour) -> list[str]:
    return [letter["type"] for _, _, letter in house.received]


def test_a_silent_house_holds_up_nobody_else(town: Town, silent: str, house: Neighbour):
    town.sh("publish('un')")
    town.wait_until(f"Delivery.objects.filter(host={silent!r}).exclude(leased_until=None).exists()")
    started = time.monotonic()
    # While that letter is in hand, others leave, what arrives is handled,
    town.sh("publish('deux')")
    lucie = f"{house.origin}/users/lucie"
    assert town.receive(house, house.create(lucie, [town.ask("julien.uri")])) == 202
    town.wait_until("Notification.objects.exists()")
    town.wait_until(lambda: letters_of(house) == ["Create", "Create"])
    assert town.ask(f"list(Delivery.objects.filter(host={silent!r}).values_list('attempts', flat=True))") == [0, 0]
    assert time.monotonic() - started < 5
    # and the house stops when it is told to.
    town.process.send_signal(signal.SIGTERM)
    assert town.process.wait(15) in (0, -signal.SIGTERM)
    assert time.monotonic() - started < 8


def test_a_house_that_answers_again_gets_its_letters_after_a_new_start(town: Town, house: Neighbour):
    owed = f"Delivery.objects.get(host={house.host!r})"
    house.status = 503
    town.sh("publish('un')")
    town.wait_until(f"{owed}.attempts == 1", 5)
    town.stop()
    house.status = 202
    town.sh(f"""
        Delivery.objects.filter(host={house.host!r}).update(due_at='2026-01-01T00:00Z')  # a minute goes by
        Peer.objects.filter(host={house.host!r}).update(try_at='2026-01-01T00:00Z')
    """)
    town.start()
    town.wait_until(f"{owed}.state == 'sent'", 5)
    assert letters_of(house) == ["Create"]
