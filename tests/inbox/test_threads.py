"""A conversation that was muted is told of no more."""

from inbox import threads
from inbox.models import Notification
from outbox import reactions
from tests.inbox.said import say


def told(reader):
    return list(Notification.objects.filter(reader=reader).values_list("reason", flat=True))


def test_one_is_told_of_nothing_in_a_thread_that_one_muted(julien, helene, work):
    first = say(julien)
    threads.mute(julien, first)
    answer = say(helene, "@julien.mercier oui", parent=first)
    reactions.like(helene, first)
    reactions.boost(helene, first)
    say(helene, "@julien.mercier encore", parent=answer)
    work()
    assert told(julien) == []


def test_to_mute_an_answer_is_to_mute_its_whole_thread(julien, helene, work):
    first = say(julien)
    answer = say(helene, parent=first)
    threads.mute(julien, answer)
    say(helene, parent=first)
    work()
    assert told(julien) == []
    assert threads.muted(julien, [first, answer, say(helene)]) == {first.pk, answer.pk}


def test_others_are_told_and_other_threads_too(julien, helene, work):
    first, other = say(julien), say(julien)
    threads.mute(helene, first)
    threads.mute(julien, first)
    say(helene, parent=first)
    say(helene, parent=other)
    say(julien, "@helene.vasseur voyez", parent=other)
    work()
    assert told(julien) == ["reply"] and told(helene) == ["mention"]
    assert threads.muted(helene, [other]) == set()


def test_a_letter_from_next_door_is_no_way_round(julien, vernay, lucie, arrives, work):
    first = say(julien, "Bonjour @lucie", "named", named=[lucie])
    work()
    threads.mute(julien, first)
    reply = vernay.create(vernay.lucie, [julien.uri], inReplyTo=first.uri)
    assert arrives(vernay, reply) == "handled" and told(julien) == []


def test_unmuted_it_is_told_of_again(julien, helene, work):
    first = say(julien)
    threads.mute(julien, first)
    threads.mute(julien, first)
    threads.unmute(julien, first)
    say(helene, parent=first)
    work()
    assert told(julien) == ["reply"]
