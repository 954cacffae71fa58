"""Who may read a post, asked of many at once, is who may read it, asked of each."""

import pytest

from actors import following
from actors.models import Actor
from federation import peers
from outbox import posts, publishing, readership
from outbox.audience import AUDIENCES, Reach
from outbox.models import Attachment, Post
from outbox.publishing import Draft
from tests.rounds import canaries, people  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db


def one_by_one(post, viewers):
    active = [each for each in viewers if each.local and each.active]
    return {each.pk for each in active if posts.visible_to(each).filter(pk=post.pk).exists()}


def differing(viewers):
    """The posts of which the two answers are not the same."""
    keys = [each.pk for each in viewers]
    found = {each: (posts.readers_among(each, keys), one_by_one(each, viewers)) for each in Post.objects.all()}
    return {post.audience: answers for post, answers in found.items() if answers[0] != answers[1]}


def test_an_audience_that_does_not_say_who_its_readers_are_is_found():
    assert set(readership.READERS) == set(AUDIENCES)


def test_both_answers_are_the_same_for_every_audience_and_everybody(canaries, people):  # noqa: F811
    everybody = list(Actor.objects.all())
    assert {each.audience for each in Post.objects.filter(local=True)} == set(AUDIENCES)
    assert differing(everybody) == {}
    assert any(people.oscar.pk in posts.readers_among(each.post, [people.oscar.pk]) for each in canaries)


def test_both_answers_are_the_same_of_whom_the_reader_blocked_of_the_suspended_and_of_houses_that_went(
    canaries,  # noqa: F811
    people,  # noqa: F811
):
    everybody = list(Actor.objects.all())
    following.block(people.ines, people.lucie)
    following.mute(people.helene, people.julien)
    assert differing(everybody) == {}
    Actor.objects.filter(pk=people.julien.pk).update(suspended_at="2026-01-01T00:00:00Z")
    assert differing(list(Actor.objects.all())) == {}
    peers.suspend(people.vernay.peer)
    assert differing(list(Actor.objects.all())) == {}
    assert posts.readers_among(canaries[-1].post, [people.ines.pk]) == set()


def test_those_who_might_have_read_what_was_withdrawn_are_still_found(julien, helene):
    post = publishing.publish(julien, Draft("un"), Reach("organisation"))
    publishing.withdraw(julien, post)
    assert posts.readers_among(post, [julien.pk, helene.pk]) == {julien.pk, helene.pk}


def test_a_service_that_is_no_more_has_no_readers_but_the_author(aubin, julien, helene):
    post = publishing.publish(julien, Draft("un"), Reach("service", service=julien.service))
    post.service = None
    assert posts.readers_among(post, [julien.pk, helene.pk]) == {julien.pk}


def test_nobody_asks_nothing(julien, django_assert_num_queries):
    post = publishing.publish(julien, Draft("un"), Reach("organisation"))
    with django_assert_num_queries(0):
        assert posts.readers_among(post, []) == set()


def test_how_many_listen_changes_nothing_in_the_number_of_questions(julien, helene, django_assert_num_queries):
    post = publishing.publish(julien, Draft("un"), Reach("followers"))
    with django_assert_num_queries(2):
        posts.readers_among(post, [julien.pk, helene.pk, *range(10_000, 12_000)])


def test_whether_it_shows_pictures_is_known(julien):
    post = publishing.publish(julien, Draft("un"), Reach("organisation"))
    assert not readership.has_media(post)
    Attachment.objects.create(owner=julien, post=post, kind="Image", media_type="image/png")
    assert readership.has_media(post)
