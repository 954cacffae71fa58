"""A token is worth what its agent is worth at this moment, and never more than what was granted."""

from datetime import timedelta

import pytest
from django.utils.timezone import now
from oauth2_provider.models import AccessToken

from actors import arrivals
from instance.client_api.oauth import scopes, tokens


@pytest.mark.parametrize("secret", ["", "unknown", "x" * 100_000, "\0", "\ud800", "é"])
def test_a_secret_that_is_none_opens_nothing(db, secret):
    assert tokens.find(secret) is None


def test_a_token_that_is_over_opens_nothing(api, julien):
    secret = api(julien).secret
    AccessToken.objects.update(expires=now() - timedelta(seconds=1))
    assert tokens.find(secret) is None


@pytest.mark.row(97)
@pytest.mark.parametrize("state", ["suspended_at", "gone_at"])
def test_a_suspension_takes_effect_at_once(api, julien, state):
    secret = api(julien).secret
    setattr(julien, state, now())
    julien.save()
    assert tokens.find(secret) is None


@pytest.mark.row(97)
def test_one_who_left_acts_no_more_through_an_application(api, julien):
    secret = api(julien).secret
    arrivals.close(julien.agent)
    assert tokens.find(secret) is None


@pytest.mark.row(96)
def test_the_secret_is_kept_nowhere(api, julien):
    secret = api(julien).secret
    row = AccessToken.objects.values().get()
    assert secret not in str(row) and row["token"] == ""


def test_who_asks_is_found_in_one_question(api, julien, django_assert_num_queries):
    secret = api(julien).secret
    with django_assert_num_queries(1):
        found = tokens.find(secret)
        assert found.user.actor == julien
        assert found.user.actor.service.name == "Espaces verts" and found.application.name == "Application 1"


def test_an_application_acts_for_itself(api, db):
    assert tokens.find(api(None, "read").secret).user is None


@pytest.mark.row(95)
@pytest.mark.parametrize(
    ("granted", "wanted"),
    [("", "read"), ("read:accounts", "read"), ("read", "write"), ("read", "write:statuses"), ("follow", "read"),
     ("follow", "write:statuses"), ("read:accounts", "read:statuses"), ("profile", "read:accounts"),
     ("read", "readiness"), ("read", "push"), ("read", "reading:accounts"), ("write", "profile"),
     ("write", "admin:write"), ("read:blocks", "follow")],
)  # fmt: skip
def test_a_scope_gives_no_more_than_it_says(granted, wanted):
    assert not scopes.covers(set(granted.split()), wanted)


@pytest.mark.parametrize(
    ("granted", "wanted"),
    [("read", "read"), ("read", "read:accounts"), ("write push", "write:media"), ("follow", "read:follows"),
     ("follow", "write:blocks"), ("follow", "write:mutes"), ("read", "profile"), ("read:accounts", "profile")],
)  # fmt: skip
def test_a_parent_covers_its_children(granted, wanted):
    assert scopes.covers(set(granted.split()), wanted)


def test_no_application_asks_for_what_it_did_not_register():
    assert not scopes.allowed(["write"], "read")
    assert not scopes.allowed(["admin:read"], "read write admin:read")
    assert not scopes.allowed([], "read")
    assert scopes.allowed(["read:accounts", "follow"], "read follow")


def test_what_a_wider_scope_says_is_not_said_twice():
    assert scopes.sentences(["read", "read:accounts"]) == scopes.sentences(["read"])
    assert len(scopes.sentences(["read:blocks", "write"])) == 2
