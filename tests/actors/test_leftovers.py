"""Ways in and ties that are over go; those that are not, by a few minutes, stay."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from actors import arrivals, following, leftovers, throttle
from actors.models import Attempt, Comparison, Follow, Mute, SignInLink
from tests.ages import MOMENT, aged, clear_all, kept

pytestmark = pytest.mark.django_db


def test_a_link_goes_once_it_opens_nothing(julien, helene):
    over, good = arrivals.sign_in_link(julien.agent), arrivals.sign_in_link(helene.agent)
    aged(SignInLink.objects.filter(agent=julien.agent), "expires_at", MOMENT)
    aged(SignInLink.objects.filter(agent=helene.agent), "expires_at", -MOMENT)
    assert clear_all() == {"links": 1}
    assert arrivals.use_link(over.split("/")[-2]) is None
    assert arrivals.use_link(good.split("/")[-2]) == helene.agent


def test_tries_at_a_door_go_and_those_that_still_count_stay(db):
    for who in ("julien", "helene"):
        throttle.too_many("sign-in", who, 5)
    first = Attempt.objects.order_by("pk").first()
    aged(Attempt.objects.filter(pk=first.pk), "since", throttle.WINDOW + MOMENT)
    assert clear_all() == {"attempts": 1}
    assert all(not throttle.too_many("sign-in", "helene", 5) for _ in range(4))
    assert throttle.too_many("sign-in", "helene", 5)


def test_who_was_muted_for_a_while_is_forgotten_and_who_is_muted_is_not(julien, helene, lucie):
    following.mute(julien, helene, duration=timedelta(hours=1))
    following.mute(julien, lucie)
    following.mute(lucie, julien, duration=timedelta(hours=1))
    aged(Mute.objects.filter(target=helene), "until", MOMENT)
    assert clear_all() == {"mutes": 1}
    assert following.has_muted(julien, lucie) and following.has_muted(lucie, julien)


def test_a_comparison_that_was_made_goes_and_one_that_waits_does_not(julien, lucie, helene):
    made = {who: Comparison.objects.create(actor=who, url="x", state=state)
            for who, state in ((lucie, "done"), (helene, "waiting"), (julien, "done"))}  # fmt: skip
    aged(Comparison.objects.all(), "state_since", leftovers.COMPARED + MOMENT)
    aged(Comparison.objects.filter(actor=julien), "state_since", leftovers.COMPARED - MOMENT)
    assert clear_all() == {"comparisons": 1}
    assert set(Comparison.objects.all()) == {made[helene], made[julien]}


@pytest.mark.parametrize("state", ["refused", "undone"])
def test_a_follow_that_ended_is_forgotten_and_may_begin_anew(julien, lucie, helene, follows, state, work):
    follows(julien, lucie).step(state)
    follows(helene, lucie).step(state)
    follows(julien, helene)
    aged(Follow.objects.all(), "state_since", kept("traces") + MOMENT)
    aged(Follow.objects.filter(follower=helene), "state_since", kept("traces") - MOMENT)
    assert clear_all() == {"follows": 1}
    assert set(Follow.objects.values_list("follower", "followed")) == {(helene.pk, lucie.pk), (julien.pk, helene.pk)}
    assert following.ask(julien, lucie).state == "asked"


def test_one_that_is_asked_or_not_sure_stays_however_old(julien, lucie, helene, follows):
    Follow.objects.create(follower=lucie, followed=julien, uri="x", state="asked")
    follows(lucie, helene).step("unsure")
    aged(Follow.objects.all(), "state_since", 9 * kept("traces"))
    assert clear_all() == {}


def test_what_a_link_is_for_is_not_kept_from_one_night_to_the_next(julien, time_machine):
    arrivals.sign_in_link(julien.agent)
    time_machine.move_to(now() + arrivals.LINK_LIFE + MOMENT, tick=True)
    assert clear_all() == {"links": 1}
