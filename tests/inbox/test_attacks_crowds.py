"""More than can be handled is sent away, to come again (row 65); what is absent is not asked for for ever (18, 67)."""

import time
from datetime import timedelta

import pytest
from django.utils.timezone import now

from actors import directory
from federation import absences, allowances, peers
from federation.models import Absence, Key
from inbox import pressure
from inbox.models import Receipt

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def calm():
    """Nothing was counted yet."""
    forget()
    yield
    forget()


def forget():
    allowances.forget()
    pressure.shares.clear()
    pressure.depth.read_at = -pressure.FRESH


@pytest.mark.row(65)
def test_row_65_a_house_that_floods_is_told_to_come_again_whoever_of_its_people_writes(
    vernay, julien, client, settings
):
    settings.HOUSE_RATE, settings.HOUSE_BURST = 0.01, 3
    people = [vernay.add_actor(f"agent{number}") for number in range(5)]
    answers = [vernay.post(client, vernay.create(person, [julien.uri])) for person in people]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 429, 429]
    assert answers[-1]["Retry-After"] == "60"
    assert Receipt.objects.count() == 3


@pytest.mark.row(65)
def test_row_65_who_does_not_prove_to_be_that_house_takes_nothing_of_its_share(vernay, julien, client, settings):
    settings.HOUSE_RATE, settings.HOUSE_BURST = 0.01, 1
    for _ in range(5):
        answer = vernay.post(client, vernay.create(vernay.lucie, [julien.uri]), digest="SHA-256=AAAA")
        assert answer.status_code == 401
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 202


@pytest.mark.row(65)
def test_row_65_another_house_is_not_held_up(vernay, stranger, julien, client, settings):
    settings.HOUSE_RATE, settings.HOUSE_BURST = 0.01, 1
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 202
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 429
    pressure.must_not_flood("rsi.martel.fr")


@pytest.mark.row(65)
def test_row_65_a_share_fills_up_again(vernay, julien, client, settings):
    settings.HOUSE_RATE, settings.HOUSE_BURST = 1_000_000, 1
    for _ in range(3):
        assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 202


@pytest.mark.row(65)
def test_row_65_while_the_queue_is_deep_everybody_comes_again(vernay, julien, client, work, settings, monkeypatch):
    settings.INBOX_DEPTH = 2
    monkeypatch.setattr(pressure, "HOUSES_AT_LEAST", 1)
    for _ in range(2):
        assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 202
        pressure.depth.read_at = -pressure.FRESH
    answer = vernay.post(client, vernay.create(vernay.lucie, [julien.uri]))
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    work()
    pressure.depth.read_at = -pressure.FRESH
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 202


@pytest.mark.row(65)
def test_row_65_a_house_that_fills_the_queue_leaves_room_for_others(vernay, other_house, julien, client, settings):
    settings.INBOX_DEPTH = 8
    answers = []
    for _ in range(8):
        answers.append(vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code)
        forget()
    assert answers == [202] * 4 + [503] * 4
    assert other_house.post(client, other_house.create(other_house.mallory, [julien.uri])).status_code == 202


@pytest.mark.row(65)
def test_row_65_what_a_suspended_house_had_sent_keeps_nobody_out(vernay, other_house, julien, client, settings):
    settings.INBOX_DEPTH = 2
    for _ in range(2):
        vernay.post(client, vernay.create(vernay.lucie, [julien.uri]))
    peers.suspend(vernay.peer)
    forget()
    assert other_house.post(client, other_house.create(other_house.mallory, [julien.uri])).status_code == 202


@pytest.mark.row(67)
def test_row_67_of_how_many_houses_the_letters_are_counted_is_bounded(vernay, julien, client, settings):
    settings.INBOX_DEPTH = 1_000
    pressure.depth.waiting, pressure.depth.read_at = 600, time.monotonic()
    pressure.shares.update({f"h{number}": pressure.Depth() for number in range(pressure.HOUSES + 1)})
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 202
    assert len(pressure.shares) == 1


@pytest.mark.row(67)
def test_row_67_what_is_counted_of_houses_is_bounded(vernay, julien, client):
    for number in range(allowances.HOUSES + 1):
        allowances.spend("letters", f"h{number}.example", 1, 1)
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 202
    assert len(allowances._buckets) <= 2


@pytest.mark.row(65)
def test_row_65_what_is_beyond_a_share_is_not_even_read(vernay, julien, client, settings):
    """Proven, and then refused for the number of letters, not for what is in them."""
    settings.HOUSE_RATE, settings.HOUSE_BURST = 0.01, 1
    nonsense = vernay.create(vernay.lucie, [julien.uri]) | {"type": 7}
    assert [vernay.post(client, nonsense).status_code for _ in range(3)] == [400, 429, 429]


@pytest.mark.row(18)
def test_row_18_a_dead_key_is_asked_for_once_in_a_while(vernay, julien, client):
    del vernay.documents["/users/lucie"]
    for _ in range(20):
        assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 503
    assert [path for path, _ in vernay.asked].count("/users/lucie") == 1


@pytest.mark.row(18)
def test_row_18_what_stays_dead_is_asked_for_less_and_less(vernay, julien, client, time_machine):
    whole = vernay.documents.pop("/users/lucie")
    time_machine.move_to(now(), tick=False)
    for last in (*absences.LASTS, absences.LASTS[-1]):
        vernay.post(client, vernay.create(vernay.lucie, [julien.uri]))
        assert Absence.objects.get().until == now() + last
        time_machine.shift(last + timedelta(seconds=1))
    vernay.documents["/users/lucie"] = whole
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 202
    assert not Absence.objects.exists()


@pytest.mark.row(18)
def test_row_18_a_bad_signature_has_the_key_asked_for_again_once(vernay, julien, client):
    vernay.post(client, vernay.create(vernay.lucie, [julien.uri]))
    Key.objects.update(fetched_at=now() - timedelta(minutes=6))
    vernay.asked.clear()
    vernay.keys[vernay.lucie] = vernay.keys[vernay.house]
    for _ in range(20):
        assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 401
    assert len(vernay.asked) == 1


@pytest.mark.row(18)
def test_row_18_made_up_keys_of_somebody_known_are_not_asked_for(vernay, julien, client, time_machine):
    """Her house told us all her keys; a new one of hers is asked for a minute later."""
    time_machine.move_to(now(), tick=False)
    letter = vernay.create(vernay.lucie, [julien.uri])
    assert vernay.post(client, letter).status_code == 202
    for number in range(20):
        vernay.key_names[vernay.lucie] = f"{vernay.lucie}#made-up-{number}"
        assert vernay.post(client, letter | {"id": f"{letter['id']}/{number}"}).status_code == 503
    assert [path for path, _ in vernay.asked].count("/users/lucie") == 1
    time_machine.shift(61)
    vernay.documents["/users/lucie"]["publicKey"]["id"] = vernay.key_names[vernay.lucie]
    assert vernay.post(client, letter | {"id": f"{letter['id']}/new"}).status_code == 202


@pytest.mark.row(18)
def test_row_18_a_house_has_a_share_of_new_keys(vernay, other_house, julien, client, monkeypatch):
    monkeypatch.setattr(directory, "KEYS_AT_ONCE", 2)
    monkeypatch.setattr(directory, "KEYS_A_SECOND", 0.001)
    people = [vernay.add_actor(f"agent{number}") for number in range(4)]
    answers = [vernay.post(client, vernay.create(person, [julien.uri])).status_code for person in people]
    assert answers == [202, 202, 503, 503]
    assert other_house.post(client, other_house.create(other_house.mallory, [julien.uri])).status_code == 202


@pytest.mark.row(67)
def test_row_67_absences_are_bounded(vernay, julien, client, monkeypatch):
    monkeypatch.setattr(absences, "MOST", 10)
    for number in range(25):
        absent = f"{vernay.origin}/users/nobody{number}"
        vernay.keys[absent] = vernay.keys[vernay.lucie]
        assert vernay.post(client, vernay.create(absent, [julien.uri])).status_code == 503
    assert Absence.objects.count() <= 10


def test_an_admin_has_a_house_asked_anew(vernay, julien, client):
    whole = vernay.documents.pop("/users/lucie")
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 503
    vernay.documents["/users/lucie"] = whole
    absences.forget(vernay.host)
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 202
