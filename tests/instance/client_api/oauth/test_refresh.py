"""Refreshing gives nobody more; what is given back is over, and nobody gives back what is another's."""

import pytest
from django.utils.timezone import now
from oauth2_provider.models import AccessToken, RefreshToken

from instance.client_api.oauth import tokens
from instance.models import SpentCode

OFFLINE = "read offline_access"


def refresh(exchange, one, secret, **words):
    return exchange(one, None, grant_type="refresh_token", refresh_token=secret, redirect_uri=None, **words)


@pytest.fixture
def lasting(application, exchange, consent, julien):
    """An application that asked to refresh, and what it was given."""
    one = application(scopes=OFFLINE)
    return one, exchange(one, consent(julien, one, scope=OFFLINE)["code"]).json()


def test_a_token_is_refreshed_where_the_client_asked_for_it(lasting, exchange, julien):
    one, given = lasting
    assert given["expires_in"] == 24 * 3600
    again = refresh(exchange, one, given["refresh_token"]).json()
    assert again["scope"] == OFFLINE and again["refresh_token"] != given["refresh_token"]
    assert tokens.find(again["access_token"]).user == julien.agent
    assert tokens.find(given["access_token"]) is None


@pytest.mark.row(94)
def test_a_refresh_token_shown_twice_ends_all_that_came_of_it(lasting, exchange):
    one, given = lasting
    again = refresh(exchange, one, given["refresh_token"]).json()
    assert refresh(exchange, one, given["refresh_token"]).status_code == 400
    assert tokens.find(again["access_token"]) is None
    assert refresh(exchange, one, again["refresh_token"]).status_code == 400


@pytest.mark.row(95)
def test_refreshing_gives_nobody_more(lasting, exchange, application, julien):
    one, given = lasting
    assert refresh(exchange, application(), given["refresh_token"]).status_code == 400
    assert refresh(exchange, one, given["refresh_token"], scope="read write").status_code == 400
    assert refresh(exchange, one, given["refresh_token"], client_secret="wrong").status_code == 401
    narrower = refresh(exchange, one, given["refresh_token"], scope="read:accounts").json()
    assert narrower["scope"] == "read:accounts"
    assert refresh(exchange, one, narrower["refresh_token"], scope="read").status_code == 400
    julien.suspended_at = now()
    julien.save()
    assert refresh(exchange, one, narrower["refresh_token"]).status_code == 400


def test_no_secret_is_kept(lasting, exchange):
    _one, given = lasting
    rows = [*AccessToken.objects.values(), *RefreshToken.objects.values(), *SpentCode.objects.values()]
    assert given["access_token"] not in str(rows) and given["refresh_token"] not in str(rows)


def revoke(client, one, secret, **words):
    said = {"client_id": one.client_id, "client_secret": one.secret, "token": secret}
    return client.post("/oauth/revoke", said | words)


def test_one_application_revokes_nothing_of_another(api, application, client, julien):
    secret = api(julien).secret
    assert revoke(client, application(), secret).status_code == 200
    assert tokens.find(secret) is not None


def test_an_application_that_cannot_prove_itself_revokes_nothing(lasting, client):
    one, given = lasting
    response = revoke(client, one, given["access_token"], client_secret="wrong")
    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")
    assert tokens.find(given["access_token"]) is not None


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_what_is_given_back_is_over_with_what_hangs_on_it(lasting, client, exchange, which):
    one, given = lasting
    response = revoke(client, one, given[which])
    assert (response.status_code, response.json()) == (200, {})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert tokens.find(given["access_token"]) is None
    assert refresh(exchange, one, given["refresh_token"]).status_code == 400


def test_what_is_no_token_is_as_good_as_revoked(application, client):
    one = application()
    assert revoke(client, one, "unknown").json() == {}
    assert revoke(client, one, "").status_code == 400
