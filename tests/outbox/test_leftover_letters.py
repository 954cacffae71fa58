"""Letters that all have taken are forgotten in their time; whom a post went to is known as long as it is there."""

import pytest
from django.utils.timezone import now

from actors import following
from federation.models import Delivery, Dispatch
from outbox import ledger, publishing, reactions
from outbox.audience import Reach
from outbox.models import Like, Post
from outbox.publishing import Draft
from tests.ages import MOMENT, aged, clear_all, kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(julien, lucie, follows, work):
    """A post of Julien's that Vernay has."""
    follows(lucie, julien)
    post = publishing.publish(julien, Draft("à qui me suit"), Reach("followers"))
    work()
    return post


def elsewhere():
    return Delivery.objects.exclude(host="localhost:8000")


def test_news_of_deeds_go_once_nobody_repeats_them(vernay, julien, lucie, arrives, work):
    arrives(vernay, vernay.create(vernay.lucie, [julien.uri]))
    reactions.like(julien, Post.objects.get())
    following.ask(julien, lucie)
    work()
    assert set(elsewhere().values_list("state", flat=True)) == {"sent"}
    aged(Delivery.objects.all(), "state_since", kept("letters") - MOMENT)
    assert clear_all() == {}
    like = Dispatch.objects.get(object_uri__startswith="Like ")
    aged(like.deliveries.all(), "state_since", kept("letters") + MOMENT)
    assert clear_all() == {"deliveries": 1, "dispatches": 1}
    assert not Dispatch.objects.filter(pk=like.pk).exists() and elsewhere().exists()
    assert Like.objects.exists(), "the deed itself stays"


def test_a_house_that_was_sent_a_post_is_told_of_its_withdrawal_years_later(sent, vernay, julien, lucie, work):
    following.remove_from_followers(julien, lucie)
    work()
    aged(Delivery.objects.all(), "state_since", 9 * kept("traces"))
    clear_all()
    assert [(line.host, line.post.state) for line in ledger.read(sent)] == [(vernay.host, "sent")]
    publishing.withdraw(julien, sent)
    work()
    assert vernay.received[-1][2]["type"] == "Delete" and vernay.received[-1][2]["object"]["id"] == sent.uri


def test_what_was_said_within_the_house_goes_though_the_post_stays(sent, julien):
    aged(Delivery.objects.all(), "state_since", kept("letters") + MOMENT)
    assert clear_all() == {"deliveries": 1, "dispatches": 1}
    assert elsewhere().count() == Delivery.objects.count() == 1


def test_who_confirmed_a_withdrawal_is_shown_as_long_as_there_is_a_trace_of_the_post(sent, julien, work):
    publishing.withdraw(julien, sent)
    work()
    Post.objects.update(withdrawn_at=now() - kept("traces") + MOMENT)
    aged(Delivery.objects.all(), "state_since", kept("traces"))
    clear_all()
    assert [line.withdrawal.state for line in ledger.read(sent)] == ["sent"]
    Post.objects.update(withdrawn_at=now() - kept("traces") - MOMENT)
    clear_all()
    clear_all()
    assert not Delivery.objects.exists() and not Dispatch.objects.exists() and not Post.objects.exists()


def test_what_is_still_owed_is_never_forgotten(julien, lucie, vernay, work):
    vernay.status = 503
    following.ask(julien, lucie)
    work()
    aged(Delivery.objects.all(), "state_since", 9 * kept("traces"))
    assert clear_all() == {}
    vernay.status = 202
    Delivery.objects.update(due_at=now())
    vernay.peer.refresh_from_db()
    type(vernay.peer).objects.update(failures=0, failing_since=None, try_at=None)
    work()
    assert elsewhere().get().state == "sent"


def test_what_was_given_up_goes_with_its_text(julien, lucie, vernay, work):
    vernay.status = 404
    following.ask(julien, lucie)
    work()
    assert elsewhere().get().state == "abandoned" and Dispatch.objects.exclude(document={}).exists()
    aged(Delivery.objects.all(), "state_since", kept("letters") + MOMENT)
    clear_all()
    assert not Dispatch.objects.exists()


def test_a_house_that_waits_to_be_told_keeps_the_trace_of_the_post(sent, julien, vernay, work):
    vernay.status = 503
    publishing.withdraw(julien, sent)
    work()
    Post.objects.update(withdrawn_at=now() - 2 * kept("traces"))
    aged(Delivery.objects.all(), "state_since", 2 * kept("traces"))
    for _ in range(3):
        clear_all()
    assert elsewhere().get().state == "waiting" and Post.objects.filter(pk=sent.pk).exists()
