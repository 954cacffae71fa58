"""Markers, through the door."""

from datetime import datetime, timedelta

import pytest

from inbox.models import Notification
from outbox import reactions
from tests.inbox.said import say

MARKERS = "/api/v1/markers"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def test_another_scope_reads_and_moves_none(api, julien):
    assert api(julien, "read:accounts").get(MARKERS).status_code == 403
    assert api(julien, "read").post(MARKERS, {"home": {"last_read_id": "5"}}, content_type=JSON).status_code == 403


@pytest.mark.parametrize("place", ["x", "", "-1", str(2**63), None])
def test_what_is_no_id_is_no_place(api, julien, place):
    answer = api(julien).post(MARKERS, {"home": {"last_read_id": place}}, content_type=JSON)
    assert answer.status_code == 422 and api(julien).get(f"{MARKERS}?timeline[]=home").json() == {}


@pytest.mark.parametrize(
    ("said", "kind"),
    [(lambda number: {"home": {"last_read_id": number}}, JSON), (lambda number: f"home[last_read_id]={number}", FORM)],
)
def test_moved_in_every_form_and_read_on_another_device(api, julien, helene, said, kind):
    post = say(helene)
    moved = api(julien).post(MARKERS, said(post.number), content_type=kind).json()
    assert moved == {
        "home": {"last_read_id": str(post.number), "version": 1, "updated_at": moved["home"]["updated_at"]}
    }
    assert abs(post.published_at - datetime.fromisoformat(moved["home"]["updated_at"])) < timedelta(seconds=1)
    other = api(julien, "read write")
    for asked in ("timeline[]=home&timeline[]=notifications", "timeline=home", "timeline[]=home&timeline[]=unknown"):
        assert other.get(f"{MARKERS}?{asked}").json() == moved
    assert other.get(MARKERS).json() == api(helene).get(f"{MARKERS}?timeline=home").json() == {}


def test_what_one_was_told_up_to_there_is_no_news_any_more(api, julien, helene, work):
    for _ in range(2):
        reactions.like(helene, say(julien))
    work()
    client, first = api(julien), Notification.objects.filter(reader=julien).earliest("pk")
    client.post(MARKERS, {"notifications": {"last_read_id": str(first.pk)}}, content_type=JSON)
    assert client.get("/api/v1/notifications/unread_count").json() == {"count": 1}
    assert [row.new for row in Notification.objects.filter(reader=julien).order_by("pk")] == [False, True]


def test_what_was_dismissed_of_announcements_is_no_timeline(api, julien):
    client = api(julien)
    assert client.post(MARKERS, {"announcements": {"last_read_id": "5"}}, content_type=JSON).json() == {}
    assert client.get(f"{MARKERS}?timeline[]=announcements").json() == {}
