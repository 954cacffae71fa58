"""Bookmarks, favourites and silenced threads, through the door."""

import re

import pytest

from actors import following
from outbox import reactions
from tests.inbox.said import say

STATUS = "/api/v1/statuses/{}/{}"
DEEDS = ("bookmark", "unbookmark", "mute", "unmute")


@pytest.mark.parametrize("deed", DEEDS)
def test_what_one_may_not_read_answers_like_what_does_not_exist(api, julien, helene, deed):
    hidden = say(julien, "Pour mon service", "service")
    answers = [api(helene).post(STATUS.format(number, deed)) for number in (hidden.number, 5)]
    assert [each.status_code for each in answers] == [404, 404] and answers[0].content == answers[1].content


@pytest.mark.parametrize("deed", DEEDS)
def test_reading_is_no_right_to_change(api, julien, deed):
    post = say(julien)
    assert api(julien, "read").post(STATUS.format(post.number, deed)).status_code == 403


@pytest.mark.parametrize("path", ["bookmarks", "favourites"])
def test_another_scope_shows_none(api, julien, path):
    assert api(julien, "read:statuses").get(f"/api/v1/{path}").status_code == 403
    assert api(julien, f"read:{path}").get(f"/api/v1/{path}").json() == []


def test_kept_and_let_go(api, julien, helene):
    post, client = say(helene), api(julien)
    assert client.post(STATUS.format(post.number, "bookmark")).json()["bookmarked"] is True
    assert client.get(f"/api/v1/statuses/{post.number}").json()["bookmarked"] is True
    assert api(helene).get(f"/api/v1/statuses/{post.number}").json()["bookmarked"] is False
    assert [each["id"] for each in client.get("/api/v1/bookmarks").json()] == [str(post.number)]
    assert client.post(STATUS.format(post.number, "unbookmark")).json()["bookmarked"] is False
    assert client.get("/api/v1/bookmarks").json() == []


def walked(client, path):
    """What one sees who goes on by Link."""
    found = []
    while path:
        answer = client.get(path)
        found += [each["id"] for each in answer.json()]
        following_page = re.match(r'<http://[^/]+([^>]+)>; rel="next"', answer.headers.get("Link", ""))
        path = following_page and following_page[1]
    return found


@pytest.mark.parametrize("path", ["bookmarks", "favourites"])
def test_link_leads_through_all_of_them_in_the_order_of_the_deed(api, julien, helene, path):
    written = [say(helene, f"Message {number}") for number in range(5)]
    client, verb = api(julien), "bookmark" if path == "bookmarks" else "favourite"
    done = [written[place] for place in (3, 0, 4, 1, 2)]
    for post in done:
        assert client.post(STATUS.format(post.number, verb)).status_code == 200
    assert walked(client, f"/api/v1/{path}?limit=2") == [str(post.number) for post in reversed(done)]


def test_what_one_may_read_no_more_is_in_neither(api, julien, helene):
    post, client = say(helene), api(julien)
    reactions.like(julien, post)
    client.post(STATUS.format(post.number, "bookmark"))
    following.block(helene, julien)
    assert client.get("/api/v1/bookmarks").json() == client.get("/api/v1/favourites").json() == []


def test_a_silenced_thread_says_so_on_each_of_its_posts(api, julien, helene):
    first = say(julien)
    answer = say(helene, parent=first)
    client = api(julien)
    assert client.post(STATUS.format(answer.number, "mute")).json()["muted"] is True
    assert client.get(f"/api/v1/statuses/{first.number}").json()["muted"] is True
    assert client.post(STATUS.format(first.number, "unmute")).json()["muted"] is False
    assert client.get(f"/api/v1/statuses/{answer.number}").json()["muted"] is False
