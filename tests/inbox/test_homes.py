"""In whose timelines a post stands, asked of many at once, is what each finds in her own."""

import pytest

from actors import following
from actors.models import Actor, Follow
from inbox import homes, timelines
from inbox.models import FollowedTag, List
from outbox import posts, publishing, reactions
from outbox.audience import Reach
from outbox.models import Boost, Hashtag, Post
from outbox.publishing import Draft
from tests.rounds import canaries, people  # noqa: F401  fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def agents():
    return list(Actor.objects.filter(local=True, kind="Person", suspended_at=None))


def standing(viewer, name):
    window = timelines.Window(limit=1000)
    return {line.post.pk for line in timelines.lines(viewer, name, window) if line.share is None}


def differing(name, told):
    """By post, those of whom the timeline of this name and `told` do not say the same."""
    shown = {each: standing(each, name) for each in agents()}
    found = {}
    for post in Post.objects.filter(withdrawn_at=None):
        may = posts.readers_among(post, [each.pk for each in shown])
        there = {each.pk for each, standing in shown.items() if post.pk in standing}
        if told(post, may) != there:
            found[post.audience, post.local, post.in_reply_to_uri] = told(post, may), there
    return found


def test_home_is_the_same_from_both_sides(canaries, people):  # noqa: F811
    Boost.objects.all().delete()
    following.mute(people.helene, people.julien)
    assert differing("home", homes.home) == {}
    following.unmute(people.helene, people.julien)
    following.ask(people.helene, people.julien.service)
    Follow.objects.update(state="accepted")
    assert differing("home", homes.home) == {}


@pytest.mark.parametrize("name", ["local", "public", "remote"])
def test_what_is_everybody_s_is_the_same_from_both_sides(canaries, name):  # noqa: F811
    channel = {"local": "public:local", "public": "public", "remote": "public:remote"}[name]

    def told(post, may):
        return homes.hearing(post.author_id, may) if channel in homes.in_public(post) else set()

    assert differing(name, told) == {}


def test_what_one_reads_in_an_exclusive_list_is_not_told_at_home(julien, helene, follows):
    follows(helene, julien)
    post = publishing.publish(julien, Draft("un"), Reach("organisation"))
    assert homes.home(post, [helene.pk]) == {helene.pk}
    List.objects.create(owner=helene, title="À part", exclusive=True).members.add(julien)
    assert homes.home(post, [helene.pk]) == set()


def test_a_followed_subject_brings_posts_home(julien, helene, vernay):
    post = publishing.publish(julien, Draft("un #voirie"), Reach("partners"))
    assert homes.home(post, [helene.pk]) == set()
    FollowedTag.objects.create(reader=helene, hashtag=Hashtag.objects.get(name="voirie"))
    assert homes.home(post, [helene.pk]) == {helene.pk}


def test_a_list_shows_what_its_members_begin_if_its_owner_follows_them(julien, helene, follows):
    own = List.objects.create(owner=helene, title="Jardins")
    own.members.add(julien)
    post = publishing.publish(julien, Draft("un"), Reach("organisation"))
    assert homes.lists(post, []) == homes.lists(post, [own.pk]) == {}
    follows(helene, julien)
    assert homes.lists(post, [own.pk, 10**6]) == {own.pk: helene.pk}


@pytest.mark.parametrize(
    ("policy", "answered", "shown"),
    [("none", "karim", False), ("list", "karim", False), ("list", "ines", True), ("followed", "karim", False),
     ("followed", "ines", True), ("none", "helene", True), ("none", "julien", True)],
)  # fmt: skip
def test_a_list_shows_the_answers_that_its_owner_wants_to_read(julien, helene, follows, policy, answered, shown):
    from actors import arrivals

    cast = {"julien": julien, "helene": helene, "ines": arrivals.invite("Inès Caron").actor}
    cast["karim"] = arrivals.invite("Karim Haddad").actor
    for each in ("julien", "ines"):
        follows(helene, cast[each])
    own = List.objects.create(owner=helene, title="Jardins", replies_policy=policy)
    own.members.set([julien, cast["ines"]])
    parent = publishing.publish(cast[answered], Draft("un"), Reach("organisation"))
    reply = publishing.publish(julien, Draft("deux"), Reach("organisation"), parent)
    assert bool(homes.lists(reply, [own.pk])) is shown


def test_an_answer_to_what_is_not_here_is_in_no_list(julien, helene, follows):
    follows(helene, julien)
    own = List.objects.create(owner=helene, title="Jardins")
    own.members.add(julien)
    post = publishing.publish(julien, Draft("un"), Reach("organisation"))
    post.in_reply_to_uri = "https://ailleurs.example/1"
    assert homes.lists(post, [own.pk]) == {}


def test_a_share_is_told_to_those_who_want_to_see_shares(julien, helene, follows):
    follow = follows(helene, julien)
    reactions.boost(julien, publishing.publish(julien, Draft("un"), Reach("organisation")))
    assert homes.sharing(julien.pk, [], [helene.pk, julien.pk]) == {helene.pk}
    assert homes.sharing(julien.pk, [julien.pk], [helene.pk]) == set()  # told once
    Follow.objects.filter(pk=follow.pk).update(boosts=False)
    assert homes.sharing(julien.pk, [], [helene.pk]) == set()
    assert homes.sharing(julien.pk, [], []) == set()


def test_nobody_asks_nothing(julien, django_assert_num_queries):
    post = publishing.publish(julien, Draft("un"), Reach("partners"))
    with django_assert_num_queries(0):
        assert homes.home(post, []) == set()
