"""Whose token opens a line, and for how long: the same as opens the house."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now
from oauth2_provider.models import AccessToken

from actors.models import Actor, Agent
from inbox.models import List
from instance import applications
from instance.client_api.oauth import tokens
from instance.client_api.telling import permits
from instance.streaming import asking, seals

pytestmark = pytest.mark.django_db


def test_no_secret_a_wrong_one_and_an_application_s_own_open_no_line(api):
    assert [permits.admit(each) for each in ("", "faux", "x" * 1000, api(None).secret)] == [None] * 4


def test_an_agent_s_token_opens_a_line_as_far_as_its_scopes_go(api, julien):
    found = permits.admit(api(julien, "read:statuses push").secret)
    assert found == {"token": AccessToken.objects.get().pk, "reader": julien.pk, "scopes": ["read:statuses", "push"]}


@pytest.mark.parametrize("end", ["deleted", "expired", "suspended", "gone", "inactive", "shown out"])
def test_what_ends_a_token_ends_its_lines(api, julien, helene, end):
    api(helene, "read")
    secret = api(julien, "read write").secret
    token = AccessToken.objects.get(user=julien.agent)
    every = list(AccessToken.objects.values_list("pk", flat=True))
    assert set(permits.alive(every)) == set(every)
    {
        "deleted": lambda: token.delete(),
        "expired": lambda: AccessToken.objects.filter(pk=token.pk).update(expires=now() - timedelta(seconds=1)),
        "suspended": lambda: Actor.objects.filter(pk=julien.pk).update(suspended_at=now()),
        "gone": lambda: Actor.objects.filter(pk=julien.pk).update(gone_at=now()),
        "inactive": lambda: Agent.objects.filter(pk=julien.agent.pk).update(is_active=False),
        "shown out": lambda: applications.show_out(julien.agent, token.application_id),
    }[end]()
    assert permits.alive(every) == [AccessToken.objects.get(user=helene.agent).pk]
    assert tokens.find(secret) is permits.admit(secret) is None


def test_a_list_is_its_owner_s(julien, helene):
    own = List.objects.create(owner=julien, title="Jardins")
    assert [permits.owns(each.pk, own.pk) for each in (julien, helene)] == [True, False]


def ask(body):
    answer = Client(headers={"host": "localhost:8000"}).post(asking.PATH, body, "application/octet-stream")
    return answer.status_code, answer.content


@pytest.mark.parametrize("letter", [b"", b"x" * 40, b'["alive", {"tokens": []}]', b"\0" * 32 + b"9\n[]"])
def test_to_whoever_has_no_seal_of_ours_there_is_nothing_there(letter):
    assert ask(letter)[0] == 404


def test_a_sealed_letter_is_answered_for_half_a_minute_and_as_it_was_sealed(time_machine):
    time_machine.move_to("2026-11-25T10:00:00Z", tick=False)
    letter = seals.seal(b'["alive", {"tokens": []}]')
    assert ask(letter) == (200, b"[]")
    assert ask(letter.replace(b"[]", b"[1]"))[0] == 404
    time_machine.shift(31)
    assert ask(letter)[0] == 404
