"""Polls between houses: votes that leave and arrive, results that are believed of their own house alone."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from federation.errors import Forbidden
from federation.models import Dispatch
from inbox.models import Notification, Receipt
from outbox import polls, posts
from outbox.models import Post, Vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def votes(vernay, arrives):
    """Send a vote of Lucie's, and say why it was ignored, or ""."""

    def send(post, name="Rosiers", **more):
        note = vernay.note(vernay.lucie, [post.author.uri]) | {"inReplyTo": post.uri, "name": name} | more
        note = {key: value for key, value in note.items() if key != "content" or "content" in more}
        activity = vernay.activity("Create", vernay.lucie, note)
        arrives(vernay, activity)
        return Receipt.objects.get(uri=activity["id"]).reason

    return send


def test_a_vote_of_one_who_may_not_read_does_not_count(julien, ask, votes):
    assert "may not read" in votes(ask(julien, "organisation"))
    assert not Vote.objects.exists() and Post.objects.count() == 1


def test_a_vote_after_the_end_does_not_count(julien, ask, votes, later):
    post = ask(julien, "partners")
    later(days=1, seconds=1)
    assert "after the end" in votes(post)
    assert not Vote.objects.exists() and Post.objects.count() == 1


def test_a_second_vote_does_not_count(julien, ask, votes):
    post = ask(julien, "partners")
    assert votes(post) == ""
    assert votes(post) == "a second vote"
    assert votes(post, "Sauges") == "a second vote"
    assert Vote.objects.get().choice == 0 and Post.objects.count() == 1


def test_a_vote_for_nothing_does_not_count(julien, ask, votes):
    assert "not to be chosen" in votes(ask(julien, "partners"), "Orties")
    assert not Vote.objects.exists() and Post.objects.count() == 1


def test_a_vote_with_words_is_an_answer(julien, ask, votes):
    post = ask(julien, "partners")
    assert votes(post, content="<p>Plutôt des rosiers</p>") == ""
    assert not Vote.objects.exists() and Post.objects.get(in_reply_to=post).title == "Rosiers"


def test_several_votes_count_where_several_are_allowed(vernay, julien, ask, votes):
    post = ask(julien, "partners", multiple=True)
    assert [votes(post), votes(post, "Sauges"), votes(post, "Sauges")] == ["", "", "a second vote"]
    seen = polls.results(post, julien)
    assert ([each.count for each in seen.options], seen.voters) == ([1, 0, 1], 1)
    assert not Notification.objects.exists()


def test_a_vote_is_sent_to_the_author_alone_and_is_no_post(vernay, julien, helene, arrived_poll, work):
    post = arrived_poll()
    polls.vote(julien, post, [1])
    work()
    [(path, _, activity)] = vernay.received
    said = activity["object"]
    assert path == "/users/lucie/inbox"
    assert (activity["type"], activity["to"], said["to"]) == ("Create", [vernay.lucie], [vernay.lucie])
    assert (said["type"], said["name"], said["inReplyTo"]) == ("Note", "Lavandes", post.uri)
    assert "content" not in said and "cc" not in said
    assert Post.objects.count() == 1 and Dispatch.objects.get().document == {}
    seen = polls.results(Post.objects.get(), julien)
    assert ([each.count for each in seen.options], seen.voters, seen.own) == ([4, 3], 6, [1])
    with pytest.raises(Forbidden):
        polls.vote(julien, post, [0])


def test_a_poll_from_elsewhere_is_a_poll_here(julien, arrived_poll):
    post = arrived_poll()
    (shown,) = posts.decorate([post], julien)
    assert (post.kind, post.is_poll, post.html) == ("question", True, "<p>bonjour</p>")
    assert [(each.title, each.count) for each in shown.poll.options] == [("Rosiers", 4), ("Lavandes", 2)]
    assert (shown.poll.voters, shown.poll.multiple, shown.poll.over) == (5, False, False)


@pytest.mark.parametrize("odd", [None, 7, {}, [], {"totalItems": "x"}, {"totalItems": -1}, {"totalItems": True}])
def test_a_poll_with_odd_counts_is_no_fault(julien, arrived_poll, odd):
    options = [{"name": "Oui", "replies": odd}, {"name": "Non"}, {"name": "Oui"}, 7]
    post = arrived_poll(oneOf=options, endTime="un jour", closed=7, votersCount="beaucoup")
    seen = polls.results(post, julien)
    assert [(each.title, each.count) for each in seen.options] == [("Oui", None), ("Non", None)]
    assert (seen.votes, seen.voters, seen.over, seen.ends_at) == (0, None, False, None)


def test_a_poll_said_to_be_closed_is_over(julien, arrived_poll):
    assert polls.results(arrived_poll(closed=(now() - timedelta(hours=1)).isoformat()), julien).over
    post = arrived_poll(closed=True, endTime=None, published=(now() - timedelta(hours=1)).isoformat())
    assert polls.results(post, julien).over


def test_counts_are_no_news_to_anybody(vernay, julien, arrives, arrived_poll, question):
    post = arrived_poll()
    Notification.objects.all().delete()
    told = question([julien.uri], uri=post.uri, counts=(9, 3))
    assert arrives(vernay, vernay.activity("Update", vernay.lucie, told)) == "handled"
    assert not Notification.objects.exists()
    assert arrives(vernay, vernay.activity("Update", vernay.lucie, told | {"content": "<p>Alors ?</p>"})) == "handled"
    assert Notification.objects.get().reason == "mention"


def test_counts_follow_their_house_and_are_no_edit(vernay, julien, arrives, arrived_poll, question):
    post = arrived_poll()
    polls.vote(julien, post, [1])
    told = question([julien.uri], uri=post.uri, counts=(9, 3), votersCount=12)
    assert arrives(vernay, vernay.activity("Update", vernay.lucie, told)) == "handled"
    post = Post.objects.get()
    assert post.edited_at is None and not post.versions.exists()
    seen = polls.results(post, julien)
    assert ([each.count for each in seen.options], seen.voters, seen.own) == ([9, 3], 12, [1])


def test_other_choices_are_an_edit_and_votes_for_the_former_are_forgotten(
    vernay, julien, arrives, arrived_poll, question
):
    post = arrived_poll()
    polls.vote(julien, post, [1])
    told = question([julien.uri], uri=post.uri, counts=(0, 0), oneOf=[{"name": "Oui"}, {"name": "Non"}])
    assert arrives(vernay, vernay.activity("Update", vernay.lucie, told)) == "handled"
    post = Post.objects.get()
    assert post.edited_at and post.versions.get().options == ["Rosiers", "Lavandes"]
    assert polls.results(post, julien).own == []


def test_those_of_ours_who_voted_elsewhere_are_told_of_the_end(julien, helene, arrived_poll, work, later):
    post = arrived_poll()
    polls.vote(julien, post, [1])
    later(days=1, seconds=1)
    work()
    [told] = Notification.objects.filter(reason="poll")
    assert (told.reader, told.actor, told.post) == (julien, post.author, post)
