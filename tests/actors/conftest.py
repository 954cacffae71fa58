"""A house that we do not know yet: it can be met, it hears and it is heard."""

import pytest

from actors import approaches, partnerships
from actors.models import Approach
from inbox.models import Receipt
from tests.actors.talking import OURS, knock, letters, offer, open_office


@pytest.fixture
def house(stranger):
    """A house that we do not know yet, and that can be met."""
    return open_office(stranger)


@pytest.fixture
def hears(house, client, work):
    """Bring a letter of this house, do the work; the refusal's status, or the receipt's state."""

    def bring(activity, **changes):
        answer = knock(house, client, activity, **changes)
        if answer.status_code != 202:
            return answer.status_code
        work()
        return Receipt.objects.get(uri=activity["id"]).state

    return bring


@pytest.fixture
def offered(house, work):
    """We made an offer; the letter that the house received."""
    partnerships.offer(house.host, OURS)
    work()
    return letters(house)[-1]


@pytest.fixture
def requested(house, client):
    """They made an offer, and it was verified."""
    activity = offer(house)
    knock(house, client, activity)
    approaches.verify(Approach.objects.get())
    return activity
