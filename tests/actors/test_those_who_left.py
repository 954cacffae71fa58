"""What an agent kept for herself goes a month after she left; her colleagues keep theirs, and what she wrote stays."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.utils.timezone import now

from actors import arrivals, following, leftovers
from actors.models import Agent, Block, Mute
from inbox.models import Notification
from instance.trust import register
from outbox import posts, publishing, scheduling
from outbox.audience import Reach
from outbox.models import Hashtag, Scheduled
from outbox.publishing import Draft
from outbox.wishes import Wish
from tests.ages import MOMENT, aged, clear_all

pytestmark = pytest.mark.django_db
ORGANISATION = Reach("organisation")


def rows_of(agent, other, post):
    """One of each kind that the register says is her own, with what hangs from it."""
    tag = Hashtag.objects.get_or_create(name="marche")[0]
    hers = {
        "actors.Remark": {"actor": agent, "target": other, "words": "x"},
        "actors.Endorsement": {"actor": agent, "target": other},
        "outbox.FeaturedTag": {"author": agent, "hashtag": tag},
        "inbox.Bookmark": {"reader": agent, "post": post},
        "inbox.MutedThread": {"reader": agent, "root": post},
        "inbox.List": {"owner": agent, "title": "x"},
        "inbox.FollowedTag": {"reader": agent, "hashtag": tag},
        "inbox.Filter": {"owner": agent, "title": "x"},
        "inbox.Marker": {"reader": agent, "timeline": "home", "last_read": 1},
        "inbox.Conversation": {"reader": agent, "root": post, "last": post, "number": post.number},
        "inbox.NotificationPolicy": {"reader": agent},
        "inbox.NotificationPermission": {"reader": agent, "actor": other},
    }
    made = {label: apps.get_model(label).objects.create(**columns) for label, columns in hers.items()}
    made["inbox.List"].members.add(other)
    made["inbox.List_members"] = apps.get_model("inbox.List").members.through.objects.get(list=made["inbox.List"])
    for label, columns in (("inbox.FilterKeyword", {"keyword": "x"}), ("inbox.FilterPost", {"post": post})):
        made[label] = apps.get_model(label).objects.create(filter=made["inbox.Filter"], **columns)
    return made


def left(agent, age):
    arrivals.close(agent.agent)
    aged(Agent.objects.filter(actor=agent), "closed_at", age)


@pytest.fixture
def post(helene):
    return publishing.publish(helene, Draft("Bonjour"), ORGANISATION)


def test_all_that_she_kept_for_herself_goes_and_nothing_of_her_colleagues(julien, helene, post):
    hers, ours = rows_of(julien, helene, post), rows_of(helene, julien, post)
    own = {each.label for each in register.tables() if {column.keeps for column in each.columns} == {"propre"}}
    assert own == hers.keys()
    left(julien, leftovers.LEFT - MOMENT)
    assert clear_all() == {}
    left(julien, leftovers.LEFT + MOMENT)
    clear_all()
    assert [label for label, row in hers.items() if type(row)._base_manager.filter(pk=row.pk).exists()] == []
    assert all(type(row)._base_manager.filter(pk=row.pk).exists() for row in ours.values())
    assert posts.find(helene, post.ulid) == post


def test_what_she_wrote_stays_and_whom_she_blocked_does_not_read_it(julien, helene):
    written = publishing.publish(julien, Draft("Bonjour"), ORGANISATION)
    following.block(julien, helene)
    following.mute(julien, helene)
    Notification.objects.create(reader=julien, actor=helene, reason="follow")
    left(julien, leftovers.LEFT + MOMENT)
    clear_all()
    assert not Mute.objects.exists() and not Notification.objects.exists() and Block.objects.exists()
    assert not posts.readable_by(helene).filter(pk=written.pk).exists()
    assert posts.readable_by(julien).filter(pk=written.pk).exists()


def test_what_she_had_scheduled_is_never_published(julien, helene, work, time_machine):
    for author in (julien, helene):
        scheduling.schedule(author, Wish(Draft("Demain"), ORGANISATION, None), now() + timedelta(hours=1))
    arrivals.close(julien.agent)
    time_machine.move_to(now() + timedelta(hours=2), tick=True)
    work()
    assert [each.author for each in posts.readable_by(helene)] == [helene]
    assert Scheduled.objects.get().author == julien
    time_machine.move_to(now() + leftovers.LEFT, tick=True)
    assert clear_all()["scheduled"] == 1 and not Scheduled.objects.exists()


def test_closing_an_account_again_does_not_begin_the_month_anew(julien):
    left(julien, timedelta(days=20))
    before = Agent.objects.get(actor=julien).closed_at
    arrivals.close(Agent.objects.get(actor=julien))
    assert Agent.objects.get(actor=julien).closed_at == before


def test_who_was_let_in_again_by_hand_keeps_her_own(julien, helene, post):
    hers = rows_of(julien, helene, post)
    left(julien, 9 * leftovers.LEFT)
    Agent.objects.filter(actor=julien).update(is_active=True)
    assert clear_all() == {}
    assert all(type(row)._base_manager.filter(pk=row.pk).exists() for row in hers.values())
