"""What arrives cannot stop what arrives after it: faults are set aside, in sight, and slow houses hold up nobody."""

import pytest
from django.db import connection
from django.utils.timezone import now

from actors.models import Follow
from federation import hallway
from federation.errors import NotFetched
from inbox import beginnings, crowds, dead_letters, receiving
from inbox.activities import HANDLERS, IN_CROWDS
from inbox.models import Receipt
from inbox.rights import RIGHTS
from inbox.rules import it_names_one_thing
from outbox.models import Hashtag, Post

pytestmark = pytest.mark.django_db


def fault(actor, activity):
    Hashtag.objects.create(name="half")
    raise ZeroDivisionError(activity["object"])


def test_a_fault_in_a_handler_stops_nothing_else_and_ends_in_sight(
    vernay, julien, arrives, work, monkeypatch, time_machine
):
    monkeypatch.setitem(HANDLERS, "Arrive", fault)
    monkeypatch.setitem(RIGHTS, "Arrive", it_names_one_thing)
    poison = vernay.activity("Arrive", vernay.lucie, "https://somewhere.example/")
    assert arrives(vernay, poison) == "waiting"
    assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri])) == "handled"
    time_machine.move_to(now())
    tries = []
    for _ in range(10):
        time_machine.shift(86_400)
        work()
        tries.append(Receipt.objects.values_list("state", "attempts").get(uri=poison["id"]))
    assert tries[5:] == [("waiting", 7), *[("failed", 8)] * 4]
    assert Receipt.objects.get(uri=poison["id"]).reason == "ZeroDivisionError"  # and not what the letter said
    assert not Hashtag.objects.exists()


def test_a_fault_is_not_tried_again_at_once(vernay, arrives, monkeypatch):
    monkeypatch.setitem(HANDLERS, "Arrive", fault)
    monkeypatch.setitem(RIGHTS, "Arrive", it_names_one_thing)
    arrives(vernay, vernay.activity("Arrive", vernay.lucie, "x"))
    assert Receipt.objects.get().attempts == 1


def test_more_poison_than_a_batch_holds_up_nothing(vernay, julien, client, work, monkeypatch):
    monkeypatch.setitem(HANDLERS, "Arrive", fault)
    monkeypatch.setitem(RIGHTS, "Arrive", it_names_one_thing)
    for _ in range(60):
        vernay.post(client, vernay.activity("Arrive", vernay.lucie, "x"))
    vernay.post(client, vernay.create(vernay.lucie, [julien.uri]))
    work()
    assert Post.objects.count() == 1


def test_a_house_that_cannot_be_asked_now_is_asked_later(vernay, julien, lucie, follows, arrives, work, time_machine):
    follows(julien, lucie)
    target = f"{vernay.origin}/users/lucie2"
    move = vernay.activity("Move", vernay.lucie, vernay.lucie, target=target)
    assert arrives(vernay, move) == "waiting"
    vernay.add_actor("lucie2", alsoKnownAs=[vernay.lucie])
    time_machine.move_to(now())
    time_machine.shift(3600)
    work()
    assert Receipt.objects.get(uri=move["id"]).state == "handled"
    assert Follow.objects.get(followed__uri=target).state == "asked"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["Update", "Move"])
def test_while_another_house_is_asked_others_may_write(vernay, julien, client, verb):
    """A house may take ten seconds to answer; one database has one writer."""
    uri = vernay.add_actor("eve", alsoKnownAs=[vernay.lucie])
    about = vernay.lucie if verb == "Update" else uri
    path, seen = about.removeprefix(vernay.origin), []
    assert vernay.post(client, vernay.activity("Like", vernay.lucie, "x")).status_code == 202
    whole = vernay.documents[path]

    def slow(request):
        seen.append(Hashtag.objects.create(name="écrit").pk)
        connection.close()
        return whole

    vernay.documents[path] = slow
    vernay.post(client, vernay.activity(verb, vernay.lucie, vernay.lucie, target=uri))
    hallway.run_until_idle()
    assert Receipt.objects.get(kind=verb).state == "handled"
    assert Hashtag.objects.filter(pk__in=seen).count() == 1


def test_what_cannot_be_fetched_is_no_fault(vernay, arrives, monkeypatch):
    """The reason is kept beside the receipt, for whoever runs the house."""

    def unreachable(actor, activity):
        raise NotFetched("the house is closed")

    monkeypatch.setitem(HANDLERS, "Arrive", unreachable)
    monkeypatch.setitem(RIGHTS, "Arrive", it_names_one_thing)
    assert arrives(vernay, vernay.activity("Arrive", vernay.lucie, "x")) == "waiting"
    assert Receipt.objects.values_list("attempts", "reason").get() == (1, "the house is closed")


@pytest.mark.parametrize("in_a_crowd", [True, False])
def test_what_ends_the_process_that_handles_it_is_set_aside_in_sight(
    vernay, julien, client, monkeypatch, time_machine, in_a_crowd
):
    """Nobody hears of a fault then: the system ended a process that took all the memory, say."""
    usual = IN_CROWDS["Create"]
    poison = vernay.create(vernay.lucie, [julien.uri], "<p>poison</p>")

    def deadly(letters):
        if "poison" in str(letters):
            raise SystemExit
        return usual(letters)

    monkeypatch.setitem(IN_CROWDS, "Create", deadly)
    monkeypatch.setitem(HANDLERS, "Create", lambda actor, activity: deadly([(actor, activity)]))
    time_machine.move_to(now())
    paul = vernay.add_actor("paul")
    for letter in (poison, vernay.create(paul, [julien.uri])) if in_a_crowd else (poison,):
        assert vernay.post(client, letter).status_code == 202
    time_machine.shift(beginnings.LONG.total_seconds() + 1)
    deaths = 0
    while Receipt.objects.filter(state="waiting").exists():
        try:
            receiving.act_due()
        except SystemExit:
            deaths += 1
    assert deaths == beginnings.MOST
    found = Receipt.objects.get(uri=poison["id"])
    assert (found.state, found.reason) == ("failed", "the process that handled it ended, each time")
    assert Receipt.objects.filter(state="handled").count() == Post.objects.count() == int(in_a_crowd)
    monkeypatch.undo()
    dead_letters.replay(found)
    receiving.act_due()
    assert Post.objects.filter(html__contains="poison").exists()


def test_what_is_handled_at_once_is_not_counted(vernay, julien, client, django_assert_num_queries):
    """It is one statement more, and nearly nothing waits."""
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 202
    rows = crowds.with_houses(crowds.waiting(), 1)
    with django_assert_num_queries(0):
        beginnings.count(rows)
    assert not beginnings.too_often(rows[0])
