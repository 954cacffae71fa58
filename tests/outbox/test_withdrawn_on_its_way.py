"""A post that is withdrawn while it is being carried: what was not taken by then does not leave again."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from federation import dead_letters, departures
from federation.documents import Answer
from federation.errors import Forbidden, Held, TryLater
from federation.models import Delivery, Dispatch, Peer
from federation.settling import Told, settle
from outbox import publishing
from outbox.audience import Reach
from outbox.publishing import Draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def carried(vernay, julien):
    """On its way to Vernay, not answered yet, when its author withdraws it."""
    post = publishing.publish(julien, Draft("canari"), Reach("partners"))
    taken, _ = departures.take(16, {}, {})
    publishing.withdraw(julien, post)
    [(row, house)] = [each for each in taken if each[0].host == vernay.host]
    assert row.dispatch.document, "else the Delete would overtake it"
    return row, house


def texts():
    return [str(document) for document in Dispatch.objects.values_list("document", flat=True)]


def told(vernay):
    return [body["type"] for _, _, body in vernay.received]


@pytest.mark.parametrize(
    "outcome", [Answer(503, {}, b"", ""), Answer(403, {}, b"", ""), TryLater("reset"), Held("suspended")]
)
def test_what_was_not_taken_is_not_tried_again(vernay, carried, work, outcome, time_machine):
    row, house = carried
    settle([Told(row, house, outcome)])
    assert not Delivery.objects.filter(pk=row.pk).exists()
    assert not [text for text in texts() if "canari" in text]
    time_machine.move_to(now() + timedelta(hours=1))
    work()
    assert told(vernay) == ["Delete"]
    assert not Delivery.objects.exclude(state="sent").exists()


def test_a_house_that_is_down_counts_as_down_all_the_same(vernay, carried):
    row, house = carried
    settle([Told(row, house, TryLater("reset"))])
    assert Peer.objects.get(host=vernay.host).failures == 1


def test_what_a_dead_worker_had_in_hand_does_not_leave(vernay, carried, work, time_machine):
    time_machine.move_to(now() + departures.LEASE + timedelta(seconds=1))
    work()
    assert told(vernay) == ["Delete"]
    assert not [text for text in texts() if "canari" in text]


def test_what_was_taken_is_recalled_and_its_text_forgotten(vernay, carried, work):
    row, house = carried
    settle([Told(row, house, Answer(202, {}, b"", ""))])
    assert not [text for text in texts() if "canari" in text]
    work()
    assert told(vernay) == ["Delete"]
    assert set(Delivery.objects.filter(host=vernay.host).values_list("state", flat=True)) == {"sent"}


def test_what_another_inbox_never_took_is_forgotten_too(vernay, carried):
    row, house = carried
    other = Delivery.objects.create(
        dispatch=row.dispatch, inbox=f"{vernay.origin}/other", host=vernay.host, state="abandoned"
    )
    settle([Told(row, house, Answer(202, {}, b"", ""))])
    assert not [text for text in texts() if "canari" in text]
    with pytest.raises(Forbidden):
        dead_letters.replay(Delivery.objects.get(pk=other.pk))


def test_what_is_not_withdrawn_is_tried_again(vernay, julien, work, time_machine):
    publishing.publish(julien, Draft("bonjour"), Reach("partners"))
    departures.take(16, {}, {})
    time_machine.move_to(now() + departures.LEASE + timedelta(seconds=1))
    work()
    assert told(vernay) == ["Create"]
