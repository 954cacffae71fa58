"""Another house than the one next door, a letter, and a door that refuses."""

import pytest

from inbox.models import Receipt
from tests.inbox.knocks import enter
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


@pytest.fixture
def letter(vernay, julien):
    return vernay.create(vernay.lucie, [julien.uri])


@pytest.fixture
def refused(client):
    """Refused with 401 (or whatever is said), and without a trace."""

    def refuse(knock, *statuses):
        assert enter(client, knock).status_code in (statuses or (401,))
        assert not Receipt.objects.exists()

    return refuse
