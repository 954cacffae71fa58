"""What one chooses for oneself about others: their shares, being told, a while of silence, notes, endorsements."""

from datetime import timedelta

import pytest
import time_machine
from django.utils.timezone import now

from actors import arrivals, endorsements, following, remarks, suggestions
from actors.models import Follow, Mute
from federation.errors import Forbidden


def standing(viewer, person):
    return following.relationships(viewer, [person])[person.pk]


def test_one_does_not_mute_oneself_nor_note_at_length_nor_show_a_stranger(julien, helene):
    with pytest.raises(Forbidden):
        following.mute(julien, julien)
    with pytest.raises(Forbidden):
        remarks.note(julien, helene, "x" * 2_001)
    with pytest.raises(Forbidden):
        endorsements.endorse(julien, helene)


def test_options_of_a_follow_are_chosen_then_and_later(julien, helene, work):
    following.ask(julien, helene, notify=True)
    work()
    assert (standing(julien, helene).notifying, standing(julien, helene).showing_reblogs) == (True, True)
    following.ask(julien, helene, boosts=False)
    assert (standing(julien, helene).notifying, standing(julien, helene).showing_reblogs) == (True, False)
    following.leave(julien, helene)
    following.ask(julien, helene)
    assert (standing(julien, helene).notifying, standing(julien, helene).showing_reblogs) == (False, True)


def test_a_mute_that_is_over_is_none(julien, helene):
    following.mute(julien, helene, notifications=False, duration=timedelta(hours=1))
    of = standing(julien, helene)
    assert (of.muting, of.muting_notifications) == (True, False) and of.muted_until > now()
    assert following.has_muted(julien, helene) and list(following.muted_by(julien)) == [helene]
    assert following.pairs_apart([julien.pk, helene.pk]) == set()
    following.mute(julien, helene, duration=timedelta(hours=1))
    assert following.pairs_apart([julien.pk, helene.pk]) == {(julien.pk, helene.pk)}
    with time_machine.travel(now() + timedelta(hours=2)):
        assert not following.has_muted(julien, helene) and not standing(julien, helene).muting
        assert not following.muted_by(julien).exists() and following.pairs_apart([julien.pk, helene.pk]) == set()


def test_muting_anew_replaces_what_was_chosen(julien, helene):
    following.mute(julien, helene, notifications=False, duration=timedelta(hours=1))
    following.mute(julien, helene)
    row = Mute.objects.get()
    assert (row.notifications, row.until) == (True, None)


def test_a_follower_is_removed_without_a_block_and_her_house_is_told(julien, lucie, vernay, follows, work):
    follows(lucie, julien)
    following.remove_from_followers(julien, lucie)
    work()
    assert Follow.objects.get().state == "refused" and not following.apart(julien, lucie)
    assert [body["type"] for _path, _headers, body in vernay.received] == ["Reject"]


def test_the_blocked_are_not_told(julien, helene, follows):
    follows(julien, helene)
    following.block(helene, julien)
    assert standing(helene, julien).blocking
    assert standing(julien, helene) == following.Standing()


def test_both_ways_and_what_waits(julien, helene, follows):
    follows(helene, julien)
    Follow.objects.create(follower=julien, followed=helene, uri="https://a.example/1", state="asked")
    mine, hers = standing(julien, helene), standing(helene, julien)
    assert (mine.followed_by, mine.requested, mine.following) == (True, True, False)
    assert (hers.following, hers.requested_by, hers.followed_by) == (True, True, False)


def test_relationships_with_many_cost_no_more(julien, aubin, django_assert_num_queries):
    crowd = [arrivals.invite(f"Agent {number}").actor for number in range(12)]
    with django_assert_num_queries(5):
        assert len(following.relationships(julien, crowd)) == 12


def test_a_note_is_ones_own_and_emptied_when_it_says_nothing(julien, helene):
    remarks.note(julien, helene, " Vue au salon ")
    assert standing(julien, helene).note == "Vue au salon" and standing(helene, julien).note == ""
    remarks.note(julien, helene, " ")
    assert standing(julien, helene).note == ""


def test_those_one_shows_are_those_one_still_follows(julien, helene, lucie, follows):
    follows(julien, lucie)
    endorsements.endorse(julien, lucie)
    assert list(endorsements.shown(julien, helene)) == [lucie] and standing(julien, lucie).endorsed
    following.block(helene, lucie)
    assert list(endorsements.shown(julien, helene)) == []
    following.leave(julien, lucie)
    assert list(endorsements.shown(julien, julien)) == [] and not standing(julien, lucie).endorsed


def test_colleagues_are_suggested_by_service_then_name_and_never_those_one_knows(julien, helene, aubin, lucie, follows):
    bruno = arrivals.invite("Bruno Tessier").actor
    zoe = arrivals.invite("Zoé Blin", service=aubin.green).actor
    assert list(suggestions.colleagues(julien)) == [zoe, bruno, helene]
    follows(julien, bruno)
    following.mute(julien, helene)
    following.block(zoe, julien)
    assert list(suggestions.colleagues(julien)) == []
