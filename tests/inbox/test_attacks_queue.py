"""What arrives cannot stop what arrives after it: faults are set aside, in sight, and slow houses hold up nobody."""

import pytest
from django.db import connection
from django.utils.timezone import now

from actors.models import Follow
from federation import hallway
from federation.errors import NotFetched
from inbox.activities import HANDLERS
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
