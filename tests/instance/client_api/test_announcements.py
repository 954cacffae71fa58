"""Announcements, and houses that nobody blocks, through the door."""

import pytest

from actors import arrivals
from inbox import announcements
from inbox.announcements import Words

ANNOUNCEMENTS = "/api/v1/announcements"
BLOCKS = "/api/v1/domain_blocks"


@pytest.fixture
def cold(aubin):
    admin = arrivals.invite("Marc Delaunay", "Informatique", role="admin")
    return announcements.announce(admin, Words("Grand **froid**"))


def test_another_scope_neither_reads_nor_dismisses(api, cold, julien):
    assert api(julien, "read:statuses").get(ANNOUNCEMENTS).status_code == 403
    assert api(julien, "read").post(f"{ANNOUNCEMENTS}/{cold.pk}/dismiss").status_code == 403


def test_read_and_dismissed(api, cold, julien, helene):
    client = api(julien)
    (said,) = client.get(ANNOUNCEMENTS).json()
    assert said["content"].strip() == "<p>Grand <strong>froid</strong></p>" and said["read"] is False
    for name in ("mentions", "statuses", "tags", "emojis", "reactions"):
        assert said[name] == []
    assert said["published_at"].endswith("Z") and said["updated_at"].endswith("Z")
    assert client.post(f"{ANNOUNCEMENTS}/0/dismiss").status_code == 404
    assert client.post(f"{ANNOUNCEMENTS}/{cold.pk}/dismiss").json() == {}
    assert client.get(ANNOUNCEMENTS).json() == []
    assert client.get(f"{ANNOUNCEMENTS}?with_dismissed=true").json() == [said | {"read": True}]
    assert len(api(helene).get(ANNOUNCEMENTS).json()) == 1


def test_one_does_not_react_to_them(api, cold, julien):
    path = f"{ANNOUNCEMENTS}/{cold.pk}/reactions/%F0%9F%8C%B3"
    answer = api(julien).put(path)
    assert answer.status_code == 422 and answer.json()["error"]
    assert api(julien).delete(path).json() == {}


def test_nobody_blocks_a_house_alone_and_none_is_told_otherwise(api, julien):
    client = api(julien)
    assert client.get(BLOCKS).json() == []
    answer = client.post(BLOCKS, {"domain": "vernay.fr"})
    assert answer.status_code == 422 and "collectivité" in answer.json()["error"]
    assert client.delete(BLOCKS, "domain=vernay.fr", content_type="application/x-www-form-urlencoded").json() == {}
    assert api(julien, "read").post(BLOCKS, {"domain": "vernay.fr"}).status_code == 403
