"""What odd questions once brought to a fault, each on its own."""

import pytest

from tests.instance.client_api.asking import ask


@pytest.mark.parametrize("limit", ["--5", "-", "²", "9" * 5000, "0" * 5000])
def test_a_limit_that_is_no_number_is_as_if_it_had_not_been_said(api, julien, limit):
    assert api(julien).get("/api/v1/timelines/home", {"limit": limit}).status_code == 200


@pytest.mark.parametrize("number", ["0" * 5000, "9" * 5000, "9223372036854775808", "0" * 24 + "99", "²", "-1"])
@pytest.mark.parametrize("name", ["max_id", "since_id", "min_id"])
def test_an_id_that_is_none_is_as_if_it_had_not_been_said(api, julien, name, number):
    assert api(julien).get("/api/v1/timelines/home", {name: number}).status_code == 200


@pytest.mark.parametrize("address", ["https://[::1", "http://[", "https://[x]/p/1"])
def test_what_only_looks_like_an_address_finds_nothing(api, julien, address):
    found = api(julien).get("/api/v2/search", {"q": address, "resolve": "true"})
    assert found.status_code == 200 and found.json() == {"accounts": [], "statuses": [], "hashtags": []}


@pytest.mark.parametrize("charset", ["base64", "idna", "hex", "punycode", "undefined", "utf-16", "no-such"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize("path", ["/api/v1/statuses", "/oauth/token", "/connexion/"])
def test_a_charset_that_is_none_of_text_is_no_fault_of_ours(aubin, path, kind, charset):
    """Pages read the same bodies as applications send."""
    said = ask("POST", f"{path}?status=%FF", b"status=x\xff", f"{kind}; charset={charset}")
    assert said.status < 500, said.fault


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-23:59", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+23:59"])
def test_nothing_is_scheduled_for_a_moment_that_could_not_be_read_again(api, julien, moment):
    """PostgreSQL keeps the year 10000, and whoever listed what she scheduled would never see it again."""
    mine = api(julien)
    assert mine.post("/api/v1/statuses", {"status": "x", "scheduled_at": moment}).status_code == 422
    assert mine.get("/api/v1/scheduled_statuses").json() == []
