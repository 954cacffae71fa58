"""Whose devices ring, and of what they do not."""

import pytest
from django.utils.timezone import now
from oauth2_provider.models import AccessToken

from actors import arrivals, following
from inbox import notifications
from inbox.models import Notification, Push, PushSubscription
from outbox import publishing
from tests.inbox.pushing import EVERYTHING, carries, news, say


def end_token(reader, actor, post):
    AccessToken.objects.get().revoke()


def expire(reader, actor, post):
    AccessToken.objects.update(expires=now())


def close_account(reader, actor, post):
    reader.agent.is_active = False
    reader.agent.save()


def suspend_reader(reader, actor, post):
    reader.suspended_at = now()
    reader.save()


def suspend_author(reader, actor, post):
    actor.suspended_at = now()
    actor.save()


def withdraw(reader, actor, post):
    publishing.withdraw(actor, post)


def block(reader, actor, post):
    following.block(reader, actor)


def leave_the_service(reader, actor, post):
    reader.service = None
    reader.save()


def switch_off(reader, actor, post):
    PushSubscription.objects.update(alerts=EVERYTHING | {"mention": False})


def want_nobodys(reader, actor, post):
    PushSubscription.objects.update(policy="none")


def set_apart(reader, actor, post):
    Notification.objects.update(filtered=True)


@pytest.mark.parametrize(
    "meanwhile",
    [
        end_token, expire, close_account, suspend_reader, suspend_author, withdraw, block, leave_the_service,
        switch_off, want_nobodys, set_apart,
    ],
)  # fmt: skip
def test_what_may_not_be_read_any_more_when_it_would_ring_does_not(meanwhile, julien, aubin, service, telephone, work):
    marc = arrivals.invite("Marc Delaunay", "Jardinier", aubin.green).actor
    post = say(marc, "Rendez-vous @julien.mercier", "service", service=aubin.green.actor)
    notifications.tell(julien, marc, "mention", post)
    assert Push.objects.count() == 1
    meanwhile(julien, marc, post)
    work()
    assert service.asked == [] and not Push.objects.exists()


def test_of_oneself_of_the_muted_and_of_what_was_told_before_nothing_rings(julien, helene, telephone, work):
    following.mute(julien, helene)
    notifications.tell(julien, helene, "follow")
    notifications.tell(julien, julien, "follow")
    following.unmute(julien, helene)
    notifications.tell(julien, helene, "follow")
    notifications.tell(julien, helene, "follow")
    work()
    notifications.tell(julien, helene, "follow")
    work()
    assert telephone.titles() == ["Hélène Vasseur vous suit"]


def test_in_one_crowd_only_what_was_new_rings(julien, helene, lucie, telephone, work):
    notifications.tell(julien, helene, "follow")
    work()
    notifications.tell_all([news(julien, helene, "follow"), news(julien, lucie, "follow")])
    assert Push.objects.count() == 1
    work()
    assert telephone.titles() == ["Hélène Vasseur vous suit", f"{lucie.name} vous suit"]


def test_a_colleagues_telephone_does_not_ring(julien, helene, service, telephone, work):
    hers = service.telephone()
    carries(helene, hers)
    notifications.tell(julien, helene, "follow")
    work()
    assert telephone.heard and not hers.heard


def test_a_device_rings_of_what_it_wants(julien, helene, service, work):
    mentions, follows = service.telephone(), service.telephone()
    carries(julien, mentions, {"mention": True})
    carries(julien, follows, {"follow": True, "mention": False})
    post = say(helene, "Bonjour @julien.mercier")
    notifications.tell_all([news(julien, helene, "follow"), news(julien, helene, "mention", post)])
    work()
    assert mentions.titles() == ["Hélène Vasseur vous cite"]
    assert follows.titles() == ["Hélène Vasseur vous suit"]


@pytest.mark.parametrize(("policy", "rings_of"), [("all", "hl"), ("followed", "h"), ("follower", "l"), ("none", "")])
def test_a_device_rings_of_whom_it_wants(policy, rings_of, julien, helene, lucie, service, follows, work):
    follows(julien, helene)
    follows(lucie, julien)
    found = service.telephone()
    carries(julien, found, policy=policy)
    notifications.tell_all([news(julien, helene, "follow"), news(julien, lucie, "follow")])
    work()
    names = {"h": "Hélène Vasseur", "l": lucie.name}
    assert {each.removesuffix(" vous suit") for each in found.titles()} == {names[each] for each in rings_of}


def test_when_nobody_has_a_device_telling_asks_one_question_more(julien, helene, django_assert_num_queries, lucie):
    notifications.tell(julien, helene, "follow")
    with django_assert_num_queries(6):  # blocks, mutes, policies, the row, its key for who is on the line, and this
        notifications.tell(julien, lucie, "follow")
