"""Other houses than the one next door."""

import pytest

from tests.neighbour import Neighbour
from tests.world import introduce


@pytest.fixture
def other_house(aubin):
    """A second house on our list, which runs Préau too."""
    house = Neighbour()
    house.mallory = house.add_actor("mallory")
    house.peer = introduce(house)
    yield house
    house.stop()
