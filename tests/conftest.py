"""What every test stands on: a directory of its own for data, and honest skips where a server is missing."""

import shutil

import hypothesis
import pytest
from django.conf import settings

from tests.polling import *  # noqa: F403  polls, ours and one next door
from tests.settings import DATA
from tests.towns import *  # noqa: F403  real instances in processes of their own
from tests.towns import Town
from tests.world import *  # noqa: F403  the fixtures of the one world
from tests.world_of_applications import *  # noqa: F403  and of the applications in it

DATABASE = {"db", "transactional_db"}


def pytest_configure() -> None:
    hypothesis.settings.register_profile("preau", deadline=None)  # how long one takes is the machine's affair
    hypothesis.settings.load_profile("preau")
    (DATA / "static").mkdir(parents=True, exist_ok=True)
    Town.forked = True


def pytest_unconfigure() -> None:
    shutil.rmtree(DATA, ignore_errors=True)


def pytest_itemcollected(item: pytest.Item) -> None:
    if item.get_closest_marker("django_db") or DATABASE.intersection(getattr(item, "fixturenames", ())):
        item.add_marker("database")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first, so that no process waits long for another's last."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
    if settings.SQLITE:
        for item in items:
            if item.get_closest_marker("postgres"):
                item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: python -m tests.servers -- pytest"))
