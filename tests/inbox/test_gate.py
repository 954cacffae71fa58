"""The gate, step by step: size, type, key, form, and who speaks for whom."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from actors.models import Actor
from federation.models import Key, Peer
from inbox.models import Receipt
from tests.neighbour import key_pair

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("length", ["", "1000001", "99999999999", "-1", "un"])
def test_a_letter_announces_its_size_and_it_is_not_too_large(vernay, julien, client, length):
    answer = vernay.post(client, vernay.create(vernay.lucie, [julien.uri]), **{"content-length": length})
    assert answer.status_code == 413
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    "kind",
    [
        "text/html",
        "application/json",
        "application/ld+json",
        'application/ld+json; profile="https://example.org"',
        "",
    ],
)
def test_only_activitypub_is_taken(vernay, julien, client, kind):
    sent = vernay.post(client, vernay.create(vernay.lucie, [julien.uri]), **{"content-type": kind})
    assert sent.status_code == 415


def test_json_ld_with_the_profile_is_activitypub(vernay, julien, client):
    kind = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
    vernay.signed_type = kind
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 202


def test_a_key_that_changed_is_asked_for_again_once_some_time_has_passed(vernay, julien, client):
    vernay.post(client, vernay.create(vernay.lucie, [julien.uri]))
    private, public = key_pair(50)
    vernay.keys[vernay.lucie] = private
    vernay.documents["/users/lucie"]["publicKey"]["publicKeyPem"] = public
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 401
    for key in Key.objects.all():
        Key.objects.filter(pk=key.pk).update(fetched_at=key.fetched_at - timedelta(minutes=6))
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 202


def test_a_key_that_did_not_change_still_proves_nothing_else(vernay, julien, client):
    vernay.post(client, vernay.create(vernay.lucie, [julien.uri]))
    Key.objects.update(fetched_at="2026-01-01T00:00:00Z")
    vernay.keys[vernay.lucie] = key_pair(51)[0]
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 401


def test_a_key_that_cannot_be_fetched_now_is_for_later(vernay, julien, client):
    del vernay.documents["/users/lucie"]
    answer = vernay.post(client, vernay.create(vernay.lucie, [julien.uri]))
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")


@pytest.mark.parametrize("state", ["suspended_at", "gone_at"])
def test_who_left_or_was_suspended_does_not_act(vernay, lucie, julien, client, state):
    Actor.objects.filter(pk=lucie.pk).update(**{state: "2026-01-01T00:00:00Z"})
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"@context": None},
        {"@context": ["https://www.w3.org/ns/activitystreams", {"actor": "as:object"}]},
        {"@graph": []},
        {"id": None},
        {"id": 7},
        {"id": "x" * 501},
        {"id": "http://[::1"},
        {"type": ["Create", "Delete"]},
        {"type": ""},
        {"actor": ["http://one.example/", "http://two.example/"]},
        {"actor": None},
    ],
)
def test_an_activity_has_one_form(vernay, julien, client, changes):
    activity = vernay.create(vernay.lucie, [julien.uri]) | changes
    assert vernay.post(client, activity, signer=vernay.lucie).status_code == 400
    assert not Receipt.objects.exists()


def test_an_activity_is_about_something(vernay, client):
    activity = vernay.activity("Like", vernay.lucie, "x")
    del activity["object"]
    assert vernay.post(client, activity).status_code == 400


def test_an_activity_is_of_its_actor_s_own_house(vernay, julien, client):
    activity = vernay.create(vernay.lucie, [julien.uri]) | {"id": "http://elsewhere.example/1"}
    assert vernay.post(client, activity).status_code == 403


def test_a_letter_to_nobody_is_refused(vernay, julien, client):
    path = "/ap/actors/01JD0000000000000000000000/inbox"
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri]), path=path).status_code == 404


def test_a_house_that_writes_is_alive_and_gets_what_waits_for_it(vernay, julien, lucie, client):
    moment = now() + timedelta(days=1)
    Peer.objects.update(failures=9, failing_since=now() - timedelta(days=9), try_at=moment)
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri]), digest="SHA-256=AAAA").status_code == 401
    assert Peer.objects.get().paused
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 202
    assert Peer.objects.values_list("failures", "failing_since", "try_at").get() == (0, None, None)
