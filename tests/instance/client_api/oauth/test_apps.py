"""An application introduces itself in whatever form it speaks, and finds out what this house offers."""

import json
from urllib.parse import urlencode

import pytest

from instance.client_api.oauth import apps
from instance.models import Application

SAID = {
    "client_name": "Elk",
    "redirect_uris": "https://elk.test/",
    "scopes": "read write",
    "website": "https://elk.test",
}
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "words",
    [
        {"redirect_uris": "javascript:alert(1)"},
        {"redirect_uris": ""},
        {"redirect_uris": "https://elk.test/\nhttp://x.test/"},
        {"scopes": "admin:read"},
        {"scopes": "x"},
        {"client_name": ""},
        {"website": "javascript:alert(1)"},
        {"client_name": "a\0"},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_with_a_sentence(client, db, words):
    response = client.post("/api/v1/apps", SAID | words)
    assert response.status_code == 422 and response.json()["error"].endswith(".")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("{", "application/json"),
        ("[]", "application/json"),
        ('{"client_name": {"a": 1}, "redirect_uris": 3}', "application/json"),
        ("--x", "multipart/form-data; boundary=x"),
        ("", "text/plain"),
        ('{"client_name": "\\ud800"}', "application/json"),
    ],
)
def test_what_cannot_be_read_is_said_in_json(client, db, body, kind):
    response = client.post("/api/v1/apps", body, content_type=kind)
    assert 400 <= response.status_code < 500 and "error" in response.json()


@pytest.mark.parametrize("end", ["", "/"])
@pytest.mark.parametrize("form", ["json", "form", "multipart", "query"])
def test_it_may_speak_in_every_form(client, db, form, end):
    address = f"/api/v1/apps{end}"
    response = {
        "json": lambda: client.post(address, json.dumps(SAID), content_type="application/json"),
        "form": lambda: client.post(address, urlencode(SAID), content_type=FORM),
        "multipart": lambda: client.post(address, SAID),
        "query": lambda: client.post(f"{address}?{urlencode(SAID)}"),
    }[form]()
    given = response.json()
    assert response.status_code == 200 and given["client_id"] and given["client_secret"]
    assert (given["name"], given["website"], given["scopes"]) == ("Elk", "https://elk.test", ["read", "write"])
    assert (given["redirect_uri"], given["redirect_uris"]) == ("https://elk.test/", ["https://elk.test/"])
    assert given["client_secret_expires_at"] == 0 and isinstance(given["id"], str) and "vapid_key" in given


@pytest.mark.parametrize(
    "uris", [["https://elk.test/", "elk://x"], "https://elk.test/\nelk://x", "https://elk.test/\r\nelk://x"]
)
def test_it_may_have_several_addresses(client, db, uris):
    said = json.dumps(SAID | {"redirect_uris": uris})
    given = client.post("/api/v1/apps", said, content_type="application/json").json()
    assert given["redirect_uris"] == ["https://elk.test/", "elk://x"]


def test_without_scopes_it_reads(client, db):
    given = client.post("/api/v1/apps", {"client_name": "x", "redirect_uris": "elk://x"}).json()
    assert given["scopes"] == ["read"] and given["website"] is None


def test_applications_are_not_introduced_without_end(client, db, monkeypatch):
    monkeypatch.setattr(apps, "INTRODUCTIONS", 3)
    assert [client.post("/api/v1/apps", SAID).status_code for _ in range(4)] == [200] * 3 + [429]


@pytest.mark.row(99)
def test_a_session_is_no_token(sign_in, julien):
    assert sign_in(julien).get("/api/v1/apps/verify_credentials").status_code == 401


@pytest.mark.row(96)
def test_a_token_in_the_address_is_none(api, client, julien):
    assert client.get(f"/api/v1/apps/verify_credentials?access_token={api(julien).secret}").status_code == 401


def test_it_may_ask_whether_it_is_known(api, julien):
    for connected in (api(None, "push"), api(julien, "push")):
        given = connected.get("/api/v1/apps/verify_credentials").json()
        assert given["name"] == connected.application.name and "client_secret" not in given


@pytest.mark.parametrize("end", ["", "/"])
def test_what_is_offered_is_described(client, db, end):
    response = client.get(f"/.well-known/oauth-authorization-server{end}")
    said = response.json()
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert said["code_challenge_methods_supported"] == ["S256"] and "implicit" not in said["grant_types_supported"]
    assert said["app_registration_endpoint"].endswith("/api/v1/apps") and "read:accounts" in said["scopes_supported"]
    assert not any(each.startswith("admin") for each in said["scopes_supported"])


@pytest.mark.parametrize("scopes", ["push", "write", "read:statuses"])
def test_who_signed_in_is_not_told_to_every_token(api, julien, scopes):
    assert api(julien, scopes).get("/oauth/userinfo").status_code == 403
    assert api(None, "read").get("/oauth/userinfo").status_code == 403


def test_who_signed_in_is_told_by_name_only(api, client, julien):
    assert client.get("/oauth/userinfo").status_code == 401
    for scopes in ("profile", "read"):
        said = api(julien, scopes).get("/oauth/userinfo").json()
        assert (said["sub"], said["preferred_username"]) == (julien.uri, "julien.mercier")
        assert set(said) == {"iss", "sub", "name", "preferred_username", "profile", "picture"}
