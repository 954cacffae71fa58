"""Talk among named people, gathered for each of those who are part of it."""

import pytest

from actors import arrivals, following
from federation.errors import NotHere
from inbox import conversations
from inbox.models import Conversation
from outbox import publishing
from outbox.publishing import Draft
from tests.inbox.said import say


def talks(reader):
    return conversations.talks(reader, list(conversations.rows(reader)))


def heard(reader):
    return [
        (each.last.source, each.row.unread, sorted(who.first_name for who in each.people)) for each in talks(reader)
    ]


@pytest.fixture
def asked(julien, helene, work):
    post = say(julien, "Une question", "named", named=[helene])
    work()
    return post


def test_nobody_else_knows_of_it(asked, julien, helene):
    marc = arrivals.invite("Marc Delaunay", "Informatique").actor
    assert heard(marc) == []
    row = talks(julien)[0].row
    for other in (helene, marc):
        with pytest.raises(NotHere):
            conversations.mark(other, row.pk, unread=False)
        with pytest.raises(NotHere):
            conversations.remove(other, row.pk)


def test_what_is_for_more_than_named_people_is_no_conversation(julien, helene, work):
    for audience in ("organisation", "followers"):
        say(julien, "@helene.vasseur bonjour", audience)
    work()
    assert not Conversation.objects.exists()


def test_both_have_it_and_only_who_did_not_write_has_it_to_read(asked, julien, helene):
    assert heard(julien) == [("Une question", False, ["Hélène"])]
    assert heard(helene) == [("Une question", True, ["Julien"])]


def test_it_goes_on_with_each_answer(asked, julien, helene, work):
    other = say(julien, "Autre chose", "named", named=[helene])
    work()
    say(helene, "Une réponse", parent=asked)
    work()
    assert heard(julien) == [("Une réponse", True, ["Hélène"]), ("Autre chose", False, ["Hélène"])]
    assert heard(helene) == [("Une réponse", False, ["Julien"]), ("Autre chose", True, ["Julien"])]
    assert talks(julien)[1].row.number == other.number


def test_an_edit_is_no_news(asked, julien, helene, work):
    conversations.mark(helene, talks(helene)[0].row.pk, unread=False)
    publishing.edit(julien, asked, Draft("Une question claire"))
    work()
    assert heard(helene) == [("Une question claire", False, ["Julien"])]


def test_a_letter_from_next_door_begins_one_and_goes_on(vernay, lucie, julien, arrives):
    first = vernay.create(vernay.lucie, [julien.uri])
    assert arrives(vernay, first) == "handled"
    reply = vernay.create(vernay.lucie, [julien.uri], "<p>encore</p>", inReplyTo=first["object"]["id"])
    assert arrives(vernay, reply) == "handled"
    (talk,) = talks(julien)
    assert talk.last.html == "<p>encore</p>" and talk.people == [lucie] and talk.row.unread
    assert Conversation.objects.count() == 1  # Lucie's own is kept in her house


def test_a_withdrawn_post_leaves_its_place_to_the_one_before(asked, julien, helene, work):
    answer = say(helene, "Une réponse", parent=asked)
    work()
    publishing.withdraw(helene, answer)
    assert heard(julien) == [("Une question", True, ["Hélène"])]
    publishing.withdraw(julien, asked)
    assert heard(julien) == heard(helene) == []


@pytest.mark.parametrize("deed", [following.block, following.mute])
def test_whoever_one_keeps_away_from_is_not_heard(asked, julien, helene, deed):
    deed(helene, julien)
    assert heard(helene) == []


def test_read_unread_and_out_of_sight_until_it_goes_on(asked, julien, helene, work):
    row = talks(helene)[0].row
    assert conversations.mark(helene, row.pk, unread=False).unread is False
    assert conversations.mark(helene, row.pk, unread=True).unread is True
    conversations.remove(helene, row.pk)
    assert heard(helene) == [] and len(heard(julien)) == 1
    say(julien, "Alors ?", parent=asked)
    work()
    assert heard(helene) == [("Alors ?", True, ["Julien"])]


def test_a_page_asks_as_many_questions_whatever_its_length(julien, helene, work, django_assert_max_num_queries):
    for number in range(6):
        say(julien, f"Question {number}", "named", named=[helene])
    work()
    publishing.withdraw(julien, talks(helene)[0].last)
    with django_assert_max_num_queries(6):
        assert len(heard(helene)) == 5


def test_several_posts_that_come_together_leave_the_last(julien, helene):
    posts = [say(julien, "Un", "named", named=[helene])]
    posts.append(say(helene, "Deux", parent=posts[0]))
    conversations.gather([(post, [julien, helene]) for post in reversed(posts)])
    assert heard(julien) == [("Deux", True, ["Hélène"])] and heard(helene) == [("Deux", False, ["Julien"])]
