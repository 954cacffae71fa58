"""What a group passes on (FEP-1b12) is believed only as the houses of those who did it confirm it."""

import pytest
from django.utils.timezone import now

from actors import directory
from actors.models import Actor
from federation import absences, documents
from inbox.models import Notification
from outbox import audience, publishing
from outbox.models import Boost, Like, Post
from tests.inbox.test_attacks_haste import busy
from tests.inbox.test_fetching import PUBLIC, asked, dol, published

__all__ = ["dol"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def club(vernay, julien, follows):
    """A group of Vernay's that Julien follows."""
    uri = vernay.add_actor("club", "Group")
    follows(julien, directory.find(uri))
    return uri


@pytest.fixture
def word(julien, settings):
    settings.PUBLIC_POSTS = True
    return publishing.publish(julien, publishing.Draft("bonjour"), audience.Reach("public"))


def done(house, verb, about, actor=None, at_home=True, **more):
    """What somebody of this house did, which the house shows unless it is invented."""
    activity = house.activity(verb, actor or house.anne, about, **more)
    if at_home:
        house.documents[activity["id"].removeprefix(house.origin)] = activity
    return activity


def passes_on(house, club, activity):
    return house.activity("Announce", club, activity)


def test_a_post_is_read_in_its_own_house_whatever_the_group_says(vernay, dol, club, arrives):
    uri = published(dol, dol.anne, content="<p>vrai</p>")
    lie = dol.documents[uri.removeprefix(dol.origin)] | {"content": "<p>faux</p>"}
    activity = passes_on(vernay, club, done(dol, "Create", lie))
    assert arrives(vernay, activity) == "handled"
    assert Post.objects.get().html == "<p>vrai</p>"
    assert Boost.objects.get().actor.uri == club


def test_an_edit_is_read_in_its_own_house(vernay, dol, club, arrives):
    uri = published(dol, dol.anne, content="<p>avant</p>")
    path = uri.removeprefix(dol.origin)
    for content in ("avant", "après"):
        dol.documents[path] |= {"content": f"<p>{content}</p>"}
        lie = dol.documents[path] | {"content": "<p>faux</p>"}
        assert arrives(vernay, passes_on(vernay, club, done(dol, "Update", lie))) == "handled"
    assert Post.objects.get().html == "<p>après</p>"
    assert Boost.objects.count() == 1


def test_nobody_edits_a_post_of_ours_by_passing_it_on(vernay, club, word, arrives):
    lie = vernay.note(word.author.uri, [PUBLIC]) | {"id": word.uri}
    inner = done(vernay, "Update", lie, vernay.lucie)
    assert arrives(vernay, passes_on(vernay, club, inner)) == "ignored"
    word.refresh_from_db()
    assert "bonjour" in word.html and word.edited_at is None


def test_a_withdrawal_is_believed_when_its_house_has_nothing_more(vernay, dol, club, arrives):
    uri = published(dol, dol.anne)
    path = uri.removeprefix(dol.origin)
    assert arrives(vernay, passes_on(vernay, club, done(dol, "Create", dol.documents[path]))) == "handled"
    assert arrives(vernay, passes_on(vernay, club, done(dol, "Delete", uri))) == "ignored"
    dol.documents[path] = ("text/html", b"<p>moved</p>")
    assert arrives(vernay, passes_on(vernay, club, done(dol, "Delete", uri))) == "ignored"
    assert Post.objects.get().withdrawn_at is None
    dol.documents[path] = {"id": uri, "type": "Tombstone"}
    absences.forget(dol.host)
    assert arrives(vernay, passes_on(vernay, club, done(dol, "Delete", uri))) == "handled"
    assert Post.objects.get().withdrawn_at


def test_a_withdrawal_is_believed_when_its_house_answers_404(vernay, dol, club, arrives):
    uri = published(dol, dol.anne)
    note = dol.documents.pop(uri.removeprefix(dol.origin))
    assert arrives(dol, dol.activity("Create", dol.anne, note)) == "handled"
    assert arrives(vernay, passes_on(vernay, club, done(dol, "Delete", note))) == "handled"
    assert Post.objects.get().withdrawn_at


def test_a_post_that_its_house_hides_from_us_is_not_gone(vernay, dol, julien, club, arrives):
    """Many houses answer 404 for what is not public: anyone could have it erased here by passing on a withdrawal."""
    note = dol.note(dol.anne, [julien.uri])
    assert arrives(dol, dol.activity("Create", dol.anne, note)) == "handled"
    for verb in ("Delete", "Update"):
        assert arrives(vernay, passes_on(vernay, club, done(dol, verb, note))) == "ignored"
    assert Post.objects.get().withdrawn_at is None and asked(dol) == []


def test_nobody_withdraws_by_passing_on_whom_nobody_follows(vernay, dol, club, arrives):
    note = dol.note(dol.anne, [PUBLIC])
    assert arrives(dol, dol.activity("Create", dol.anne, note)) == "handled"
    assert arrives(vernay, passes_on(vernay, vernay.lucie, done(dol, "Delete", note))) == "ignored"
    assert Post.objects.get().withdrawn_at is None and asked(dol) == []


def test_nobody_withdraws_what_is_ours_or_unknown(vernay, dol, club, word, arrives):
    for uri in (word.uri, f"{dol.origin}/notes/unknown", None):
        assert arrives(vernay, passes_on(vernay, club, done(vernay, "Delete", uri, vernay.lucie))) == "ignored"
    word.refresh_from_db()
    assert word.withdrawn_at is None and asked(dol) == []


@pytest.mark.parametrize("verb", ["Like", "EmojiReact"])
def test_a_reaction_is_believed_when_its_house_confirms_it(vernay, dol, club, word, arrives, verb):
    activity = passes_on(vernay, club, done(dol, verb, word.uri))
    assert arrives(vernay, activity) == "handled"
    assert Like.objects.get().actor == Actor.objects.get(uri=dol.anne)
    assert Notification.objects.get(reason="like").actor.uri == dol.anne
    assert arrives(vernay, passes_on(vernay, club, activity["object"])) == "handled"
    assert Like.objects.count() == 1


def test_a_reaction_whose_confirmation_cannot_be_read_for_now_is_heard_later(
    vernay, dol, club, word, arrives, work, monkeypatch, time_machine
):
    """It is in JSON-LD that is read one document at a time, while another is being read."""
    time_machine.move_to(now())
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(documents, "read", busy)
        assert arrives(vernay, passes_on(vernay, club, done(dol, "Like", word.uri))) == "waiting"
    time_machine.shift(60)
    work()
    assert Like.objects.get().actor.uri == dol.anne


def test_a_reaction_that_its_house_does_not_confirm_is_none(vernay, dol, stranger, club, word, arrives):
    ben = dol.add_actor("ben")
    told = done(dol, "Like", word.uri)
    other = done(dol, "Like", f"{dol.origin}/notes/other") | {"object": word.uri}
    for inner in (
        done(dol, "Like", word.uri, at_home=False),
        told | {"actor": ben},
        told | {"type": "EmojiReact"},
        told | {"id": f"{stranger.origin}/likes/1"},
        done(vernay, "Like", word.uri, dol.anne),
        done(vernay, "Like", word.uri, word.author.uri),
        done(dol, "Like", f"{dol.origin}/notes/unknown"),
        other,
    ):
        assert arrives(vernay, passes_on(vernay, club, inner)) == "ignored"
    assert not Like.objects.exists() and stranger.asked == []


@pytest.mark.parametrize("verb", ["Undo", "Announce", "Block", "Add", "Move", "Flag", "Follow", "Accept", "", 7, None])
def test_nothing_else_is_believed_of_those_who_pass_it_on(vernay, dol, club, word, arrives, verb):
    assert arrives(vernay, passes_on(vernay, club, done(dol, "Like", word.uri) | {"type": verb})) == "ignored"
    assert asked(dol) == []
