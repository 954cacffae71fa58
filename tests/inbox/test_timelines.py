"""What each timeline holds, and what it leaves out."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from actors.models import Follow, Mute
from federation import ids
from inbox import timelines
from inbox.models import FollowedTag, List
from inbox.timelines import Look, Window, Wish
from outbox import publishing, reactions
from outbox.audience import Reach
from outbox.models import Boost, Hashtag, Post
from outbox.publishing import Draft

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def numbers(viewer, timeline, **wish):
    return [line.post.source for line in timelines.lines(viewer, timeline, Window(40), **wish)]


@pytest.fixture
def publish():
    def write(author, words, audience="organisation", parent=None):
        return publishing.publish(author, Draft(words), Reach(audience, service=author.service), parent)

    return write


def test_whom_one_muted_for_a_time_is_heard_again(julien, helene, publish):
    publish(helene, "bonjour")
    mute = Mute.objects.create(actor=julien, target=helene, until=now() + timedelta(hours=1))
    assert numbers(julien, "home") == numbers(julien, "local") == []
    assert numbers(julien, "author", person=helene) == ["bonjour"]
    Mute.objects.filter(pk=mute.pk).update(until=now() - timedelta(seconds=1))
    assert numbers(julien, "home") == numbers(julien, "local") == ["bonjour"]


def test_one_may_follow_someone_without_what_she_shares(julien, helene, lucie, follows, publish):
    follow = follows(julien, lucie)
    Boost.objects.create(actor=lucie, post=publish(helene, "réponse", parent=publish(helene, "bonjour")), uri="s:")
    assert numbers(julien, "home") == ["réponse", "bonjour"]
    [shared, _own] = timelines.lines(julien, "home", Window(40))
    assert (shared.sharer, shared.number) == (lucie, Boost.objects.get().number)
    Follow.objects.filter(pk=follow.pk).update(boosts=False)
    assert numbers(julien, "home") == ["bonjour"]


def test_what_several_share_comes_once_and_on_a_page_with_the_post_itself(julien, helene, lucie, follows, publish):
    post = publish(helene, "bonjour")
    for one in (lucie, helene):
        follows(julien, one)
        Boost.objects.create(actor=one, post=post, uri=f"s:{one.pk}")
    assert [line.sharer for line in timelines.lines(julien, "home", Window(40))] == [lucie, None]
    [shown], older = timelines.page(julien, "")
    assert (shown, shown.boosted_by, older) == (post, lucie, "")


def test_a_hashtag_that_one_follows_brings_what_one_may_read(julien, helene, lucie, publish):
    publish(helene, "secret #taille", "followers")
    post = Post.objects.create(
        uri="p:", ulid=ids.new_ulid(), author=lucie, kind="note", audience="partners", source="#"
    )
    tag, _new = Hashtag.objects.get_or_create(name="taille")
    post.hashtags.add(tag)
    assert numbers(julien, "home") == []
    FollowedTag.objects.create(reader=julien, hashtag=tag)
    assert numbers(julien, "home") == ["#"]
    assert numbers(julien, "tag", name="Taille") == numbers(julien, "tag", name="#taille") == ["#"]


def test_hashtags_may_be_put_together(julien, publish):
    for words in ("#un #deux", "#un #trois", "#quatre"):
        publish(julien, words)
    assert numbers(julien, "tag", name="un", wish=Wish(all=["deux"])) == ["#un #deux"]
    assert numbers(julien, "tag", name="un", wish=Wish(any=["quatre"], none=["trois"])) == ["#quatre", "#un #deux"]
    assert numbers(julien, "tag", name="un", wish=Wish(local=False)) == []
    assert numbers(julien, "tag", name="un", wish=Wish(only_media=True)) == []


def test_a_list_that_is_read_apart_takes_its_members_out_of_home_but_not_what_they_tell_me(
    julien, helene, follows, publish
):
    follows(julien, helene)
    publish(helene, "bonjour"), publish(helene, "pour toi @julien.mercier")
    some = List.objects.create(owner=julien, title="Direction", exclusive=True)
    some.members.add(helene)
    assert numbers(julien, "home") == ["pour toi @julien.mercier"]
    assert numbers(julien, "list", of=some) == ["pour toi @julien.mercier", "bonjour"]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("none", ["à moi", "début"]), ("list", ["à moi", "début"]), ("followed", ["à lucie", "à moi", "début"])],
)
def test_a_list_shows_the_answers_that_its_owner_wants(julien, helene, lucie, follows, publish, policy, expected):
    for one in (helene, lucie):
        follows(julien, one)
    hers = Post.objects.create(uri="p:", ulid=ids.new_ulid(), author=lucie, kind="note", audience="partners")
    publish(helene, "début")
    publish(helene, "à moi", parent=publish(julien, "question"))
    publish(helene, "à lucie", parent=hers)
    some = List.objects.create(owner=julien, title="Direction", replies_policy=policy)
    some.members.add(helene)
    Post.objects.filter(source="à lucie").update(audience="partners")
    assert numbers(julien, "list", of=some) == expected


def test_a_profile_is_looked_at_in_several_ways(julien, helene, publish):
    first = publish(helene, "un #jardin")
    publish(helene, "suite", parent=first)
    publish(helene, "réponse", parent=publish(julien, "autre"))
    reactions.boost(helene, Post.objects.get(source="autre"))
    Post.objects.filter(pk=first.pk).update(pinned_at=now())
    assert numbers(julien, "author", person=helene) == ["autre", "réponse", "suite", "un #jardin"]
    for look, expected in (
        (Look(exclude_reblogs=True), ["réponse", "suite", "un #jardin"]),
        (Look(exclude_replies=True), ["autre", "suite", "un #jardin"]),
        (Look(only_media=True), []),
        (Look(tagged="Jardin"), ["un #jardin"]),
        (Look(pinned=True), ["un #jardin"]),
    ):
        assert numbers(julien, "author", person=helene, look=look) == expected


def test_here_and_next_door_are_told_apart(julien, helene, lucie, publish):
    Post.objects.create(uri="p:", ulid=ids.new_ulid(), author=lucie, kind="note", audience="partners", source="voisins")
    publish(helene, "maison"), publish(helene, "réseau", "partners"), publish(julien, "serres", "service")
    assert numbers(helene, "local") == ["réseau", "maison"] and numbers(helene, "remote") == ["voisins"]
    assert numbers(helene, "partners") == ["réseau", "voisins"]
    assert numbers(helene, "public") == ["réseau", "maison", "voisins"]
    assert (numbers(helene, "service"), numbers(julien, "service")) == ([], ["serres"])
    assert numbers(julien, "local") == ["serres", "réseau", "maison"]


def test_numbers_that_no_database_knows_are_no_accident(julien, publish):
    publish(julien, "bonjour")
    for window in (Window(1, max_id=10**30), Window(1, since_id=-(10**30)), Window(1, min_id=-5)):
        assert len(timelines.lines(julien, "home", window)) == 1
    assert timelines.lines(julien, "home", Window(1, min_id=10**30)) == []
