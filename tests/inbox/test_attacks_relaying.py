"""Who may not act here does not act through somebody else either (row 24); and nobody shares what was taken back."""

import pytest
from django.utils.timezone import now

from actors import directory
from actors.models import Actor
from inbox import fetching
from outbox.models import Boost, Like, Post
from tests.inbox.test_fetching import asked, dol, published
from tests.inbox.test_relaying import club, done, passes_on, word

__all__ = ["club", "dol", "word"]
pytestmark = pytest.mark.django_db


@pytest.fixture(params=["suspended_at", "gone_at"])
def nobody(dol, request):
    """Anne, who may not act here any more."""
    anne = directory.find(dol.anne)
    Actor.objects.filter(pk=anne.pk).update(**{request.param: now()})
    return anne


@pytest.mark.row(24)
def test_the_likes_of_who_may_not_act_are_not_passed_on(vernay, dol, nobody, club, word, arrives):
    assert arrives(vernay, passes_on(vernay, club, done(dol, "Like", word.uri))) == "ignored"
    assert not Like.objects.exists()


@pytest.mark.row(24)
def test_the_posts_of_who_may_not_act_are_not_passed_on(vernay, dol, nobody, club, arrives):
    uri = published(dol, dol.anne)
    assert arrives(vernay, passes_on(vernay, club, done(dol, "Create", uri))) == "ignored"
    assert arrives(vernay, vernay.activity("Announce", club, uri)) == "ignored"
    assert not Post.objects.exists()


@pytest.mark.row(24)
def test_the_edits_of_who_may_not_act_are_not_passed_on(vernay, dol, club, arrives):
    uri = published(dol, dol.anne, content="<p>avant</p>")
    assert arrives(vernay, passes_on(vernay, club, done(dol, "Create", uri))) == "handled"
    Actor.objects.filter(uri=dol.anne).update(suspended_at=now())
    dol.documents[uri.removeprefix(dol.origin)] |= {"content": "<p>après</p>"}
    assert arrives(vernay, passes_on(vernay, club, done(dol, "Update", uri))) == "ignored"
    assert Post.objects.get().html == "<p>avant</p>"


def test_what_a_group_took_back_before_it_came_is_not_shared(vernay, dol, club, arrives):
    shared = passes_on(vernay, club, done(dol, "Create", published(dol, dol.anne)))
    assert arrives(vernay, vernay.activity("Undo", club, shared["id"])) == "handled"
    assert arrives(vernay, shared) == "ignored"
    assert not Boost.objects.exists()


def test_a_like_that_was_taken_back_is_not_passed_on(vernay, dol, club, word, arrives):
    like = done(dol, "Like", word.uri)
    assert arrives(dol, dol.activity("Undo", dol.anne, like)) == "handled"
    assert arrives(vernay, passes_on(vernay, club, like)) == "ignored"
    assert not Like.objects.exists()


@pytest.mark.row(44)
def test_likes_passed_on_by_whom_nobody_follows_make_us_ask_nobody(vernay, dol, word, arrives):
    group = vernay.add_actor("loud", "Group")
    assert arrives(vernay, passes_on(vernay, group, done(dol, "Like", word.uri))) == "ignored"
    assert asked(dol) == []


@pytest.mark.row(61)
def test_edits_passed_on_by_whom_nobody_follows_make_us_ask_nobody(vernay, dol, lucie, julien, follows, arrives):
    follows(julien, lucie)
    uri = published(dol, dol.anne)
    assert arrives(vernay, vernay.activity("Announce", vernay.lucie, uri)) == "handled"
    asked = len(dol.asked)
    nobody = vernay.add_actor("nobody")
    edit = dol.activity("Update", dol.anne, {"id": uri, "type": "Note"})
    assert arrives(vernay, vernay.activity("Announce", nobody, edit)) == "ignored"
    assert len(dol.asked) == asked


def test_a_house_of_many_makes_us_ask_no_more_than_its_share(vernay, dol, follows, julien, arrives, monkeypatch):
    monkeypatch.setattr(fetching, "PER_HOUSE", 3)
    for number in range(5):
        group = vernay.add_actor(f"group{number}", "Group")
        follows(julien, directory.find(group))
        arrives(vernay, vernay.activity("Announce", group, published(dol, dol.anne)))
    assert Post.objects.count() == 3
