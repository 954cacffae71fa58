"""Polls of ours: who may vote and how, what the votes come to, and to whom that is told."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from federation.errors import Forbidden
from inbox.models import Notification
from outbox import counting, documents, ledger, polls, posts, publishing, scheduling
from outbox.audience import Reach
from outbox.drafts import Draft
from outbox.models import Post, Tally, Vote
from outbox.wishes import Wish
from tests.polling import poll

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "wrong",
    [
        {"options": ["Seul"]},
        {"options": [str(number) for number in range(11)]},
        {"options": ["Oui", " "]},
        {"options": ["Oui", "x" * 101]},
        {"options": ["Oui", " Oui "]},
        {"lasts": timedelta(minutes=1)},
        {"lasts": timedelta(days=-1)},
        {"lasts": timedelta(days=400)},
    ],
)
def test_a_poll_that_nobody_could_answer_is_not_published(julien, wrong):
    with pytest.raises(Forbidden):
        publishing.publish(julien, Draft("Que planter ?", poll=poll(**wrong)), Reach("organisation"))
    assert not Post.objects.exists()


def test_a_poll_without_choices_is_none(julien):
    with pytest.raises(Forbidden):
        publishing.publish(julien, Draft("Que planter ?", "question"), Reach("organisation"))


@pytest.mark.parametrize("choices", [[], [3], [-1], [0, 1]])
def test_one_cannot_choose_what_is_not_offered_nor_too_much(julien, helene, ask, choices):
    post = ask(julien)
    with pytest.raises(Forbidden):
        polls.vote(helene, post, choices)
    assert not Vote.objects.exists()


def test_one_cannot_vote_twice(julien, helene, ask):
    post = ask(julien, multiple=True)
    polls.vote(helene, post, [0])
    for choices in ([0], [1], [0, 1]):
        with pytest.raises(Forbidden, match="déjà voté"):
            polls.vote(helene, post, choices)
    assert Vote.objects.count() == 1


def test_one_cannot_vote_in_ones_own_poll(julien, ask):
    with pytest.raises(Forbidden, match="propre sondage"):
        polls.vote(julien, ask(julien), [0])


def test_one_cannot_vote_after_the_end(julien, helene, ask, later):
    post = ask(julien)
    later(days=1)
    with pytest.raises(Forbidden, match="terminé"):
        polls.vote(helene, post, [0])


def test_one_cannot_vote_in_what_is_no_poll(julien, helene):
    post = publishing.publish(julien, Draft("Bonjour"), Reach("organisation"))
    with pytest.raises(Forbidden):
        polls.vote(helene, post, [0])


def test_votes_are_counted_for_all_and_shown_as_ones_own_to_each_alone(julien, helene, lucie, ask):
    post = ask(julien, multiple=True)
    polls.vote(helene, post, [2, 0, 0])
    Vote.objects.create(post=post, actor=lucie, choice=0)
    seen = polls.results(post, helene)
    assert [each.count for each in seen.options] == [2, 0, 1]
    assert [each.share for each in seen.options] == [100, 0, 50]
    assert (seen.votes, seen.voters, seen.own, seen.over) == (3, 2, [0, 2], False)
    assert polls.results(post, julien).own == [] == polls.results(post, None).own
    assert polls.own_votes(helene, [post]) == {post.pk: [0, 2]}


def test_many_polls_cost_two_statements(julien, helene, ask, django_assert_num_queries):
    asked = [ask(julien) for _ in range(4)]
    polls.vote(helene, asked[1], [1])
    with django_assert_num_queries(2):
        found = polls.results_of(asked, helene)
    assert found[asked[1].pk].own == [1] and found[asked[0].pk].voters == 0
    note = publishing.publish(julien, Draft("Bonjour"), Reach("organisation"))
    with django_assert_num_queries(0):
        assert polls.results_of([note], helene) == {}


def test_what_is_hidden_is_hidden_from_everybody_until_the_end(julien, helene, ask, later):
    post = ask(julien, hide_totals=True)
    polls.vote(helene, post, [1])
    assert [each.count for each in polls.results(post, julien).options] == [None] * 3
    assert "totalItems" not in str(documents.post_document(post))
    later(days=1)
    assert [each.count for each in polls.results(post, julien).options] == [0, 1, 0]


def test_a_poll_reads_as_a_question_on_the_wire(vernay, julien, ask, work):
    post = ask(julien, "partners")
    work()
    [(_, _, activity)] = vernay.received
    said = activity["object"]
    assert (said["type"], said["kind"], said["content"].strip()) == ("Question", "question", "<p>Que planter ?</p>")
    assert [each["name"] for each in said["oneOf"]] == ["Rosiers", "Lavandes", "Sauges"]
    assert said["oneOf"][0]["replies"] == {"type": "Collection", "totalItems": 0}
    assert said["votersCount"] == 0 and said["endTime"].endswith("Z") and "closed" not in said
    assert "anyOf" in documents.post_document(ask(julien, multiple=True))
    assert post.is_poll and post.kind == "question"


def votes_of(house):
    return [body["object"] for _, _, body in house.received if body["type"] == "Update"]


def test_results_are_told_once_a_minute_to_those_who_were_sent_it(vernay, julien, helene, ask, work, later):
    post = ask(julien, "partners")
    polls.vote(helene, post, [0])
    work()
    assert votes_of(vernay) == []
    later(seconds=61)
    work()
    [told] = votes_of(vernay)
    assert (told["oneOf"][0]["replies"]["totalItems"], told["votersCount"]) == (1, 1)
    assert "updated" not in told and Post.objects.get().edited_at is None
    later(seconds=61)
    work()
    assert len(votes_of(vernay)) == 1
    [line] = ledger.read(post)
    assert line.post.state == "sent" and line.edit is None


def test_the_end_is_told_to_the_author_the_voters_and_the_houses(vernay, julien, helene, ask, work, later):
    post = ask(julien, "partners")
    polls.vote(helene, post, [0])
    later(days=1, seconds=1)
    work()
    assert votes_of(vernay)[-1]["closed"]
    told = Notification.objects.filter(reason="poll", post=post)
    assert {each.reader for each in told} == {julien, helene}
    assert not Tally.objects.exists()
    work()
    assert Notification.objects.filter(reason="poll").count() == 2


def test_a_poll_of_our_house_leaves_nothing_with_others(vernay, julien, helene, ask, work, later):
    polls.vote(helene, ask(julien), [0])
    later(days=1, seconds=1)
    work()
    assert vernay.received == []


def test_a_withdrawn_poll_forgets_its_votes(julien, helene, ask, work, later):
    post = ask(julien)
    polls.vote(helene, post, [0])
    publishing.withdraw(julien, post)
    later(days=2)
    work()
    assert not Vote.objects.exists() and not Tally.objects.exists() and not Notification.objects.exists()


def test_the_choices_of_a_poll_change_only_until_someone_voted(julien, helene, ask):
    post = ask(julien)
    publishing.edit(julien, post, Draft("Que planter ?", poll=poll(["Oui", "Non"])))
    assert polls.results(post, julien).options[0].title == "Oui"
    assert posts.history(post)[0].options == ["Rosiers", "Lavandes", "Sauges"]
    polls.vote(helene, post, [0])
    with pytest.raises(Forbidden, match="déjà voté"):
        publishing.edit(julien, post, Draft("Que planter ?", poll=poll(["Oui", "Non", "Peut-être"])))
    publishing.edit(julien, post, Draft("Que planter alors ?", poll=poll(["Oui", "Non"], timedelta(days=3))))
    end = counting.ends_at(post)
    assert end and end > now() + timedelta(days=2) and Tally.objects.get().due_at == end and Vote.objects.count() == 1
    publishing.edit(julien, post, Draft("Que planter enfin ?"))
    assert Post.objects.get(pk=post.pk).is_poll


def test_a_poll_that_is_over_stays_over(julien, ask, later):
    post = ask(julien)
    end = counting.ends_at(post)
    later(days=2)
    publishing.edit(julien, post, Draft("Merci", poll=poll()))
    assert counting.ends_at(Post.objects.get()) == end and Post.objects.get().source == "Merci"
    with pytest.raises(Forbidden, match="terminé"):
        publishing.edit(julien, post, Draft("Merci", poll=poll(["Oui", "Non"])))


def test_a_note_does_not_become_a_poll(julien):
    post = publishing.publish(julien, Draft("Bonjour"), Reach("organisation"))
    with pytest.raises(Forbidden):
        publishing.edit(julien, post, Draft("Bonjour", poll=poll()))


def test_a_poll_that_leaves_later_lasts_from_then(julien, later, work):
    wish = Wish(Draft("Que planter ?", poll=poll(multiple=True)), Reach("organisation"))
    scheduling.schedule(julien, wish, now() + timedelta(days=3))
    later(days=3, seconds=1)
    work()
    seen = polls.results(Post.objects.get(), julien)
    assert seen.multiple and not seen.over and seen.ends_at and seen.ends_at > now() + timedelta(hours=23)
