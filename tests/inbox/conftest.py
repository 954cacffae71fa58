"""Another house than the one next door, a letter, and a door that refuses."""

import pytest

from inbox import push_keys
from inbox.models import Receipt
from tests.inbox.knocks import enter
from tests.inbox.push_service import PushService
from tests.inbox.pushing import carries, never_quiet
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


@pytest.fixture
def service(aubin):
    """A push service, in a house without quiet hours."""
    never_quiet(aubin)
    found = PushService(push_keys.public_key())
    yield found
    found.stop()
    assert found.refused == []


@pytest.fixture
def telephone(service, julien):
    """Julien's, which rings of everything."""
    found = service.telephone()
    carries(julien, found)
    return found
