"""Several workers share what arrived: one of them handles each letter, and one person's letters in their order."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from actors import directory
from inbox import receiving
from inbox.models import Receipt
from outbox import keeping
from outbox.posts import Post
from tests.neighbour import CONTEXT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def elsewhere(work):
    """In another worker: a thread with a connection of its own."""

    def then_hang_up():
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        return other.submit(then_hang_up).result(20)


@pytest.fixture
def letters(vernay, julien, client):
    """Two of Lucie's, then one of Malo's."""
    vernay.malo = vernay.add_actor("malo")
    for author in (vernay.lucie, vernay.lucie, vernay.malo):
        assert vernay.post(client, vernay.create(author, [julien.uri])).status_code == 202
    return list(Receipt.objects.order_by("pk"))


def states():
    return list(Receipt.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.postgres
def test_what_another_worker_handles_is_left_to_it_with_what_follows(letters):
    with transaction.atomic():
        assert receiving.lock(letters[0].pk)
        assert elsewhere(receiving.act_due) == 1
        assert not elsewhere(lambda: receiving.act(letters[0].pk))
    assert states() == ["waiting", "waiting", "handled"]
    assert receiving.act_due() == 2
    assert states() == ["handled"] * 3


def test_what_another_worker_has_handled_is_not_handled_again(letters):
    assert receiving.act(letters[0].pk)
    assert not receiving.act(letters[0].pk)
    assert receiving.act_due() == 2
    assert receiving.act_due() == 0


def test_workers_side_by_side_handle_each_letter_once(vernay, julien, client):
    people = [vernay.add_actor(f"agent{number}") for number in range(4)]
    for number in range(24):
        vernay.post(client, vernay.create(people[number % 4], [julien.uri]))

    def work():
        try:
            return sum(iter(receiving.act_due, 0))
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as workers:
        moved = [each.result(30) for each in [workers.submit(work) for _ in range(3)]]
    receiving.act_due()
    assert (states(), Post.objects.count()) == (["handled"] * 24, 24)
    assert sum(moved) <= 24


@pytest.mark.postgres
@pytest.mark.row(45)
def test_a_post_that_is_shared_while_its_author_withdraws_it_does_not_outlive_that(
    vernay, other_house, lucie, julien, follows, client, monkeypatch
):
    follows(julien, lucie)
    directory.find(other_house.mallory)
    note = other_house.note(other_house.mallory, ["as:Public"])
    path = note["id"].removeprefix(other_house.origin)
    other_house.documents[path] = {"@context": CONTEXT, **note}
    gone = other_house.activity("Delete", other_house.mallory, {"id": note["id"], "type": "Tombstone"})
    assert vernay.post(client, vernay.activity("Announce", vernay.lucie, note["id"])).status_code == 202
    assert other_house.post(client, gone).status_code == 202
    shared, withdrawn = Receipt.objects.order_by("pk").values_list("pk", flat=True)
    real, looked = keeping.look_around, threading.Event()

    def look_around(arrivals):
        found = real(arrivals)
        looked.set()
        time.sleep(0.5)  # for the Delete, which would be done long before that if nothing held it
        return found

    monkeypatch.setattr(keeping, "look_around", look_around)
    with ThreadPoolExecutor(1) as workers:
        sharing = workers.submit(elsewhere, lambda: receiving.act(shared))
        assert looked.wait(10)
        elsewhere(lambda: receiving.act(withdrawn))
        sharing.result(20)
    assert not Post.objects.filter(uri=note["id"], withdrawn_at=None).exists()
