"""The door of the API: refusals first, then every form in which clients ask."""

import json

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import resolve

from federation import allowances
from instance.client_api import rates
from instance.client_api.oauth import tokens
from instance.client_api.routing import at
from outbox import publishing
from outbox.audience import Reach
from outbox.publishing import Draft

HOME, STATUSES = "/api/v1/accounts/verify_credentials", "/api/v1/statuses"
ORIGIN = {"origin": "https://phanpy.test"}


def test_nobody_comes_in_without_a_token(client, julien):
    answer = client.get(HOME)
    assert answer.status_code == 401
    assert answer["Content-Type"].startswith("application/json") and "error" in answer.json()
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_a_made_up_token_opens_nothing(client, julien):
    assert client.get(HOME, headers={"authorization": "Bearer made-up"}).status_code == 401


def test_a_session_is_no_token(sign_in, julien):
    assert sign_in(julien).get(HOME).status_code == 401


def test_a_token_in_the_address_is_not_read(api, client, julien):
    assert client.get(f"{HOME}?access_token={api(julien).secret}").status_code == 401


def test_a_token_opens_no_page_for_people(api, julien):
    assert api(julien).get("/").status_code == 302


def test_another_scope_is_refused(api, julien):
    assert api(julien, "write").get(HOME).status_code == 403
    assert api(julien, "read:statuses").get(HOME).status_code == 403


def test_a_parent_scope_gives_its_parts(api, julien):
    assert api(julien, "read").get(HOME).status_code == 200
    assert api(julien, "read:accounts").get(HOME).status_code == 200


def test_an_application_acts_for_nobody(api, aubin):
    assert api(None).get(HOME).status_code == 403


def test_a_suspended_agent_has_no_token_any_more(api, julien):
    client = api(julien)
    julien.suspended_at = "2026-01-01T00:00:00Z"
    julien.save()
    assert client.get(HOME).status_code == 401


def test_a_route_without_a_scope_stops_the_start():
    with pytest.raises(ImproperlyConfigured, match="declares no scope"):
        at("v1/nothing", GET=lambda call: {})


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nothing", "/api/v1/statuses/abc", "/api/v9/x/", "/api/v1/x%00"])
def test_what_is_not_here_is_told_as_json(api, julien, path):
    answer = api(julien).get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json; charset=utf-8")
    assert answer.json()["error"]


def test_another_method_is_told_as_json(api, julien):
    answer = api(julien).delete("/api/v1/instance")
    assert answer.status_code == 405 and answer.json()["error"] and answer["Allow"] == "GET"


def test_web_clients_may_ask_beforehand(client, db):
    wanted = "authorization,content-type,idempotency-key"
    asked = {**ORIGIN, "access-control-request-method": "POST", "access-control-request-headers": wanted}
    answer = client.options(STATUSES, headers=asked)
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Headers"] == wanted
    assert "PUT" in answer["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in answer


def test_web_clients_may_read_how_one_goes_on(api, julien):
    exposed = api(julien).get(HOME)["Access-Control-Expose-Headers"]
    assert "Link" in exposed and "X-RateLimit-Remaining" in exposed


def test_a_slash_at_the_end_changes_nothing(api, julien):
    assert api(julien).get("/api/v1/instance/").json() == api(julien).get("/api/v1/instance").json()
    assert api(julien).post(f"{STATUSES}/", {"status": "Bonjour"}).status_code == 200


def test_all_three_headers_of_limits_or_none(api, client, julien):
    answer = api(julien).get(HOME)
    assert int(answer["X-RateLimit-Limit"]) == 300 and int(answer["X-RateLimit-Remaining"]) < 300
    assert answer["X-RateLimit-Reset"].endswith("Z")
    assert "X-RateLimit-Limit" not in client.get("/api/v1/instance")


def test_there_is_an_end_to_what_one_token_may_ask(api, julien):
    mine = api(julien)
    assert mine.get("/api/v1/trends/tags").status_code == 200
    allowances.charge(rates.WORK, str(tokens.find(mine.secret).pk), rates.LIMIT, 1, 400)
    answer = mine.get("/api/v1/trends/tags")
    assert (answer.status_code, answer["X-RateLimit-Remaining"]) == (429, "0") and answer.json()["error"]
    assert api(julien).get("/api/v1/trends/tags").status_code == 200, "another of her applications goes on"


FORMS = {
    "JSON": lambda said: {"data": json.dumps(said), "content_type": "application/json"},
    "urlencoded": lambda said: {
        "data": "&".join(f"{key}={value}" for key, value in said.items()),
        "content_type": "application/x-www-form-urlencoded",
    },
    "multipart": lambda said: {"data": said},
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_body_says_the_same(api, julien, form):
    said = {"status": "Bonjour", "visibility": "private", "spoiler_text": "Chantier"}
    answer = api(julien).post(STATUSES, **FORMS[form](said))
    assert answer.status_code == 200, answer.content
    assert (answer.json()["visibility"], answer.json()["spoiler_text"]) == ("private", "Chantier")


def test_the_query_says_the_same_as_a_body(api, julien):
    answer = api(julien).post(f"{STATUSES}?status=Bonjour&visibility=private")
    assert answer.json()["visibility"] == "private"


@pytest.mark.parametrize("body", [b"{", b'{"status": ', b"\xff\xfe", b'["x"]', b'"x"', b"[" * 5000])
def test_an_unreadable_body_is_a_clear_error(api, julien, body):
    answer = api(julien).post(STATUSES, body, content_type="application/json")
    assert answer.status_code in (400, 422) and answer.json()["error"]


def test_a_list_may_be_a_list_or_one_word(api, julien, helene):
    mine = api(julien)
    one, two = str(julien.pk), str(helene.pk)
    asked = ["id[]={0}&id[]={1}", "id={0}&id={1}", "id[0]={0}&id[1]={1}", "id[][]={0}&id[][]={1}"]
    for query in asked:
        found = mine.get(f"/api/v1/accounts?{query.format(one, two)}").json()
        assert [each["id"] for each in found] == [one, two], query
    assert [each["id"] for each in mine.get(f"/api/v1/accounts?id={one}").json()] == [one]


def test_absent_and_unreadable_are_one_answer(api, julien, helene):
    post = publishing.publish(julien, Draft("Entre nous"), Reach("followers"))
    hers = api(helene)
    absent, hidden = hers.get(f"{STATUSES}/{post.number + 1}"), hers.get(f"{STATUSES}/{post.number}")
    assert (absent.status_code, absent.content) == (hidden.status_code, hidden.content) == (404, absent.content)


def test_every_address_of_the_api_reads_no_session():
    assert resolve("/api/v1/instance").func.open_to.name == "CLIENTS"
