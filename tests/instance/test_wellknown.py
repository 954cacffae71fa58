"""What the house tells of itself is told to clients that are pages of elsewhere, in the versions that they read."""

import pytest
from django.conf import settings

SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/"
pytestmark = pytest.mark.django_db


def test_nodeinfo_is_told_in_both_versions_and_the_index_leads_to_them(client, aubin):
    links = {each["rel"]: each["href"] for each in client.get("/.well-known/nodeinfo").json()["links"]}
    told = {}
    for version in ("2.0", "2.1"):
        answer = client.get(links[SCHEMA + version].removeprefix(settings.ORIGIN))
        assert f'profile="{SCHEMA}{version}#"' in answer["Content-Type"]
        told[version] = answer.json()
        assert told[version].pop("version") == version
    assert told["2.0"] == told["2.1"]
    assert told["2.0"]["software"] == {"name": "preau", "version": settings.VERSION}
    assert told["2.0"]["metadata"]["upstream"] == {"name": "mastodon"}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/.well-known/nodeinfo", 200),
        ("/nodeinfo/2.0", 200),
        ("/nodeinfo/2.1", 200),
        ("/.well-known/host-meta", 200),
        ("/.well-known/webfinger", 400),
        ("/.well-known/webfinger?resource=acct:nobody@nowhere.example", 404),
    ],
)
def test_a_page_of_elsewhere_may_read_it(client, aubin, address, status):
    answer = client.get(address, headers={"Origin": "https://client.example"})
    assert answer.status_code == status
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer


def test_there_is_no_other_version(client, aubin):
    assert client.get("/nodeinfo/1.0").status_code == 404


def test_what_is_for_agents_is_not_for_other_pages(client, aubin):
    assert "Access-Control-Allow-Origin" not in client.get("/", headers={"Origin": "https://client.example"})
