"""Conversations, through the door."""

import re

import pytest

from tests.inbox.said import say

CONVERSATIONS = "/api/v1/conversations"


@pytest.fixture
def asked(julien, helene, work):
    post = say(julien, "Une question", "named", named=[helene])
    work()
    return post


def test_the_conversation_of_another_answers_like_one_that_does_not_exist(api, asked, julien, helene):
    (hers,) = api(helene).get(CONVERSATIONS).json()
    for method, path in (("delete", ""), ("post", "/read"), ("post", "/unread")):
        answers = [getattr(api(julien), method)(f"{CONVERSATIONS}/{pk}{path}") for pk in (hers["id"], 0)]
        assert [each.status_code for each in answers] == [404, 404] and answers[0].content == answers[1].content
    assert api(helene, "read").delete(f"{CONVERSATIONS}/{hers['id']}").status_code == 403
    assert api(helene).get(f"{CONVERSATIONS}/").json() == [hers]


def test_what_each_sees_of_it(api, asked, julien, helene):
    (hers,) = api(helene).get(CONVERSATIONS).json()
    assert [each["id"] for each in hers["accounts"]] == [str(julien.pk)]
    assert hers["unread"] is True and hers["last_status"]["id"] == str(asked.number)
    path = f"{CONVERSATIONS}/{hers['id']}"
    assert api(helene).post(f"{path}/read").json() == hers | {"unread": False}
    assert api(helene).post(f"{path}/unread").json() == hers
    assert api(helene).delete(path).json() == {} and api(helene).get(CONVERSATIONS).json() == []
    assert len(api(julien).get(CONVERSATIONS).json()) == 1


def test_link_leads_through_all_of_them(api, julien, helene, work):
    written = [say(julien, f"Question {number}", "named", named=[helene]) for number in range(5)]
    say(helene, "Oui", parent=written[0])
    work()
    client, found = api(helene), []
    path: str | None = f"{CONVERSATIONS}?limit=2"
    while path:
        answer = client.get(path)
        found += [each["last_status"]["content"] for each in answer.json()]
        more = re.match(r'<http://[^/]+([^>]+)>; rel="next"', answer.headers.get("Link", ""))
        path = more and more[1]
    assert [re.sub("<[^>]+>", "", each).strip() for each in found] == [
        "Oui", "Question 4", "Question 3", "Question 2", "Question 1",
    ]  # fmt: skip
