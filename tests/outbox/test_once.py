"""A request that its application named by a key is done once, also when it comes twice at the same moment."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils.timezone import now

from actors import arrivals
from federation.errors import Forbidden
from outbox import once as asking
from outbox import publishing, scheduling
from outbox.audience import Reach
from outbox.models import Asked, Post, Scheduled
from outbox.once import once
from outbox.publishing import Draft
from outbox.wishes import Wish

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def writing(author, source="Bonjour"):
    return lambda: publishing.publish(author, Draft(source), Reach("organisation"), people=[])


def test_what_is_refused_leaves_no_trace_and_may_be_asked_again(julien):
    with pytest.raises(Forbidden):
        once(julien, "k", writing(julien, ""))
    assert not Asked.objects.exists()
    assert once(julien, "k", writing(julien)).source == "Bonjour"


def test_the_same_key_gives_the_first_result(julien):
    first = once(julien, "k", writing(julien))
    assert once(julien, "k", writing(julien, "Autre")) == first
    assert Post.objects.get().source == "Bonjour"


def test_another_key_none_or_another_author_is_another_request(julien, helene):
    made = [
        once(julien, "k", writing(julien)),
        once(julien, "l", writing(julien)),
        once(julien, "", writing(julien)),
        once(julien, "", writing(julien)),
        once(helene, "k", writing(helene)),
    ]
    assert len({each.pk for each in made}) == 5


def test_a_key_holds_for_an_hour_and_is_forgotten_after_a_day(julien, time_machine, work):
    first = once(julien, "k", writing(julien))
    time_machine.move_to(now() + timedelta(minutes=59))
    assert once(julien, "k", writing(julien)) == first
    time_machine.move_to(now() + timedelta(minutes=2))
    assert once(julien, "k", writing(julien)) != first
    time_machine.move_to(now() + timedelta(hours=25))
    asking._last["swept"] = -asking.EVERY
    work()
    assert not Asked.objects.exists() and Post.objects.count() == 2


def test_after_a_withdrawal_a_new_post_may_be_written(julien):
    first = once(julien, "k", writing(julien))
    publishing.withdraw(julien, first)
    assert once(julien, "k", writing(julien)) != first


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", ["k", "clé " * 1000, "\0\ud800"])
def test_requests_that_race_give_one_post(key):
    arrivals.settle_organisation("Ville de Saint-Aubin", "Saint-Aubin", "210101010", "commune")
    julien = arrivals.invite("Julien Mercier", "Jardinier").actor
    start, made, failed = threading.Barrier(6), [], []

    def ask():
        try:
            start.wait()
            made.append(once(julien, key, writing(julien)).pk)
        except Exception as error:  # noqa: BLE001  whatever it is, a thread must tell of it
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == [] and len(made) == 6 and set(made) == {Post.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_publish_what_is_due_once(work):
    arrivals.settle_organisation("Ville de Saint-Aubin", "Saint-Aubin", "210101010", "commune")
    julien = arrivals.invite("Julien Mercier", "Jardinier").actor
    for number in range(5):
        wish = Wish(Draft(f"Numéro {number}"), Reach("organisation"))
        scheduling.schedule(julien, wish, now() + timedelta(hours=1))
    Scheduled.objects.update(due_at=now() - timedelta(seconds=1))
    start, failed = threading.Barrier(4), []

    def pay():
        try:
            start.wait()
            scheduling.publish_due()
        except Exception as error:  # noqa: BLE001  whatever it is, a thread must tell of it
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=pay) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    scheduling.publish_due()
    assert failed == [] and not Scheduled.objects.exists()
    assert sorted(Post.objects.values_list("source", flat=True)) == [f"Numéro {number}" for number in range(5)]
