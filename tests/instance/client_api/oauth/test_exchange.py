"""A code gives one token, once, to the application that it was made for; refreshing and revoking keep to their own."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils.timezone import now
from oauth2_provider.models import AccessToken, Grant

from instance.client_api.oauth import endpoints, tokens
from instance.models import SpentCode
from tests.instance.client_api.oauth.conftest import CHALLENGE, VERIFIER

S256 = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}


@pytest.mark.row(94)
def test_a_code_is_for_one_application(application, exchange, consent, julien):
    one, other = application(), application()
    code = consent(julien, one)["code"]
    stolen = exchange(other, code)
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    assert not AccessToken.objects.exists()


@pytest.mark.row(94)
def test_a_code_shown_twice_takes_back_what_it_gave(application, exchange, consent, julien):
    one = application()
    code = consent(julien, one)["code"]
    secret = exchange(one, code).json()["access_token"]
    assert tokens.find(secret) is not None
    again = exchange(one, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert tokens.find(secret) is None and not SpentCode.objects.exists()


@pytest.mark.row(94)
def test_a_spent_code_in_the_hands_of_another_takes_back_what_it_gave(application, exchange, consent, julien):
    one, other = application(), application()
    code = consent(julien, one)["code"]
    secret = exchange(one, code).json()["access_token"]
    assert exchange(other, code).status_code == 400
    assert tokens.find(secret) is None


@pytest.mark.row(94)
def test_a_code_is_over_after_ten_minutes(application, exchange, consent, julien):
    one = application()
    code = consent(julien, one)["code"]
    assert timedelta(minutes=9) < Grant.objects.get().expires - now() <= timedelta(minutes=10)
    Grant.objects.update(expires=now())
    assert exchange(one, code).status_code == 400


@pytest.mark.parametrize("column", ["suspended_at", "gone_at"])
def test_a_code_of_one_who_is_suspended_gives_nothing(application, exchange, consent, julien, column):
    one = application()
    code = consent(julien, one)["code"]
    setattr(julien, column, now())
    julien.save()
    assert exchange(one, code).status_code == 400 and not AccessToken.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        {"client_secret": "wrong"},
        {"client_secret": None},
        {"client_secret": ""},
        {"client_id": "unknown"},
        {"client_id": None},
    ],
    ids=str,
)
def test_an_application_proves_who_it_is(application, exchange, consent, julien, words):
    one = application()
    response = exchange(one, consent(julien, one)["code"], **words)
    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert not AccessToken.objects.exists()


def test_the_hash_of_its_secret_is_no_secret(application, exchange, consent, julien):
    one = application()
    response = exchange(one, consent(julien, one)["code"], client_secret=one.client_secret)
    assert response.status_code == 401


@pytest.mark.row(92, 94)
@pytest.mark.parametrize(
    "words",
    [
        {"redirect_uri": "https://phanpy.test/x"},
        {"code": "unknown"},
        {"code": None},
        {"grant_type": "password"},
        {"grant_type": None},
        {"grant_type": "implicit"},
        {"code_verifier": VERIFIER},
        {"code": "a\0b"},
    ],
    ids=str,
)
def test_what_does_not_fit_gives_nothing(application, exchange, consent, julien, words):
    one = application()
    response = exchange(one, consent(julien, one)["code"], **words)
    assert response.status_code == 400 and "error" in response.json()
    assert not AccessToken.objects.exists()


@pytest.mark.row(92)
@pytest.mark.parametrize("verifier", [None, "w" * 64, CHALLENGE, ""])
def test_a_challenge_is_met_by_its_verifier_only(application, exchange, consent, julien, verifier):
    one = application()
    code = consent(julien, one, **S256)["code"]
    assert exchange(one, code, code_verifier=verifier).status_code == 400
    assert exchange(one, code, code_verifier=VERIFIER).status_code == 200


def forms(said):
    """The four ways in which clients say it."""
    whole = urlencode(said)
    return {
        "json": ("/oauth/token", json.dumps(said), "application/json"),
        "form": ("/oauth/token", whole, "application/x-www-form-urlencoded"),
        "slash": ("/oauth/token/", whole, "application/x-www-form-urlencoded"),
        "query": (f"/oauth/token?{whole}", "", "application/json"),
    }


@pytest.mark.parametrize("form", ["json", "form", "slash", "query", "multipart"])
def test_a_code_gives_a_token_in_every_form(application, exchange, consent, client, julien, form):
    one = application()
    code = consent(julien, one)["code"]
    said = {"grant_type": "authorization_code", "client_id": one.client_id, "client_secret": one.secret, "code": code}
    said |= {"redirect_uri": one.redirect_uris, "scope": "read write follow push"}
    if form == "multipart":
        response = client.post("/oauth/token", said)
    else:
        address, body, kind = forms(said)[form]
        response = client.post(address, body, content_type=kind)
    given = response.json()
    assert response.status_code == 200, given
    assert set(given) == {"access_token", "token_type", "scope", "created_at"}
    assert (given["token_type"], given["scope"]) == ("Bearer", "read write follow push")
    assert abs(given["created_at"] - now().timestamp()) < 60 and isinstance(given["created_at"], int)
    assert response.headers["Cache-Control"] == "no-store"
    assert tokens.find(given["access_token"]).user == julien.agent


def test_a_token_lives_a_year(application, exchange, consent, julien):
    one = application()
    secret = exchange(one, consent(julien, one)["code"]).json()["access_token"]
    assert timedelta(days=364) < tokens.find(secret).expires - now() <= timedelta(days=365)


def test_an_application_has_a_token_of_its_own_which_is_nobodys(application, exchange, db):
    one = application()
    response = exchange(one, None, grant_type="client_credentials", scope="read write", redirect_uri="urn:x")
    assert response.json()["scope"] == "read write"
    assert tokens.find(response.json()["access_token"]).user is None
    assert exchange(one, None, grant_type="client_credentials").json()["scope"] == "read"
    assert exchange(one, None, grant_type="client_credentials", scope="admin:read").status_code == 400
    assert exchange(one, None, grant_type="client_credentials", client_secret="wrong").status_code == 401


@pytest.mark.parametrize("address", ["/oauth/token", "/oauth/token/", "/oauth/revoke", "/api/v1/apps"])
def test_a_page_of_elsewhere_may_ask(client, db, address):
    asked = {"origin": "https://phanpy.test", "access-control-request-method": "POST"}
    asked["access-control-request-headers"] = "authorization,content-type"
    response = client.options(address, headers=asked)
    assert response.status_code < 300
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "content-type" in response.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.parametrize("address", ["/oauth/token", "/oauth/revoke"])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("{", "application/json"),
        (b"\xff", "application/json"),
        ("[1]", "application/json"),
        ('{"code": {"a": 1}}', "application/json"),
        ('{"token": "\\u0000", "client_id": "a"}', "application/json"),
        ("--x", "multipart/form-data; boundary=x"),
        ("", "text/plain"),
        ("client_id=%00&grant_type=client_credentials&token=a", "application/x-www-form-urlencoded"),
    ],
)
def test_what_cannot_be_read_is_said_in_json(client, db, address, body, kind):
    response = client.post(address, body, content_type=kind)
    assert 400 <= response.status_code < 500 and "error" in response.json()


def test_tokens_are_not_asked_for_without_end(client, db, monkeypatch):
    monkeypatch.setattr(endpoints, "TRIES", 3)
    assert [client.post("/oauth/token", {"grant_type": "x"}).status_code for _ in range(4)] == [400] * 3 + [429]
