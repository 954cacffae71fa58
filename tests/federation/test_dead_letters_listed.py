"""Letters that were given up are named and tried again, once, and never to a house that may not have them."""

import pytest

from federation import dead_letters, delivery
from federation.errors import Forbidden
from federation.models import Delivery, Dispatch, Peer
from tests.federation.owing import news, owe

pytestmark = pytest.mark.django_db


@pytest.fixture
def given_up(martel):
    (row,) = owe(martel, news(1))
    row.step("abandoned", answer="410", attempts=9)
    return Delivery.objects.select_related("dispatch").get()


def test_they_are_named_without_what_they_say(given_up, django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        (row,) = dead_letters.abandoned()
    assert (row.kind, row.activity_uri) == ("Create", given_up.dispatch.activity_uri)
    assert list(dead_letters.abandoned("other.example")) == []
    owed = dead_letters.queue_of(given_up.host)
    assert (owed.waiting, owed.abandoned, owed.oldest) == (0, 1, None)
    assert dead_letters.queue_of("other.example").abandoned == 0
    assert "object" not in asked[0]["sql"].replace("object_uri", "")


def test_two_admins_who_try_again_at_once_try_once(given_up):
    late = Delivery.objects.select_related("dispatch").get()
    dead_letters.replay(given_up)
    assert (given_up.state, given_up.attempts, given_up.answer) == ("waiting", 0, "")
    given_up.step("abandoned", answer="410")
    Delivery.objects.update(state="sent")
    dead_letters.replay(late)
    assert Delivery.objects.get().state == "sent"


def test_what_was_taken_back_is_not_sent(given_up):
    Dispatch.objects.update(document={})
    given_up.dispatch.refresh_from_db()
    with pytest.raises(Forbidden, match="retiré depuis"):
        dead_letters.replay(given_up)


@pytest.mark.parametrize("state", ["suspended", "revoked", "blocked", "offered"])
def test_nor_anything_to_a_house_that_is_not_on_the_list(given_up, state):
    Peer.objects.update(state=state)
    with pytest.raises(Forbidden, match="rien ne lui est envoyé"):
        dead_letters.replay(given_up)


@pytest.mark.parametrize("state", ["offered", "revoked"])
def test_but_a_word_about_being_partners(given_up, state):
    Peer.objects.update(state=state)
    given_up.urgency = delivery.TALK
    dead_letters.replay(given_up)
    assert given_up.state == "waiting"
