"""Polls and corrected statuses, as applications ask for them: refusals first."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from outbox import media, polls, publishing
from outbox.audience import Reach
from outbox.drafts import Draft
from outbox.models import Post, Version, Vote
from tests.outbox.test_media import picture
from tests.polling import poll

FIELDS = {
    "id": str, "expires_at": str, "expired": bool, "multiple": bool, "votes_count": int, "voters_count": int,
    "voted": bool, "own_votes": list, "options": list, "emojis": list,
}  # fmt: skip


def at(post, more=""):
    return f"/api/v1/polls/{post.number}{more}"


def send(client, path, body, method="post"):
    return getattr(client, method)(path, body, content_type="application/json")


def test_a_poll_that_one_may_not_read_is_not_here(api, julien, helene):
    reach = Reach("service", service=julien.service)
    post = publishing.publish(julien, Draft("Que planter ?", poll=poll()), reach)
    absent = api(helene).get("/api/v1/polls/1")
    for answer in (api(helene).get(at(post)), send(api(helene), at(post, "/votes"), {"choices": [0]})):
        assert (answer.status_code, answer.json()) == (404, absent.json())
    assert not Vote.objects.exists()


def test_what_is_no_poll_is_not_here(api, julien):
    post = publishing.publish(julien, Draft("Bonjour"), Reach("organisation"))
    assert api(julien).get(at(post)).status_code == 404
    assert send(api(julien), at(post, "/votes"), {"choices": [0]}).status_code == 404


def test_reading_is_no_right_to_vote(api, client, julien, helene, ask):
    post = ask(julien)
    assert send(api(helene, "read"), at(post, "/votes"), {"choices": [0]}).status_code == 403
    assert api(helene, "write").get(at(post)).status_code == 403
    assert client.get(at(post)).status_code == 401


@pytest.mark.parametrize("choices", [[], ["x"], [-1], [9], [0, 1], [True], [10**30], [None], ["0"] * 30, {}, "²"])
def test_an_odd_vote_is_refused_in_words(api, julien, helene, ask, choices):
    answer = send(api(helene), at(ask(julien), "/votes"), {"choices": choices})
    assert answer.status_code == 422 and answer.json()["error"]
    assert not Vote.objects.exists()


def test_one_votes_once(api, julien, helene, ask):
    post = ask(julien)
    assert send(api(helene), at(post, "/votes"), {"choices": [0]}).status_code == 200
    assert send(api(helene), at(post, "/votes"), {"choices": [1]}).status_code == 422
    assert send(api(julien), at(post, "/votes"), {"choices": [1]}).status_code == 422


@pytest.mark.parametrize("choices", [["1", "2"], [1, 2]])
def test_choices_come_as_text_or_as_numbers(api, julien, helene, ask, choices):
    answer = send(api(helene), at(ask(julien, multiple=True), "/votes"), {"choices": choices})
    assert answer.json()["own_votes"] == [1, 2]


def test_choices_come_in_a_form(api, julien, helene, ask):
    post = ask(julien)
    assert api(helene).post(at(post, "/votes"), {"choices[]": "1"}).json()["own_votes"] == [1]


def test_a_poll_has_what_applications_look_at(api, julien, helene, ask):
    post = ask(julien)
    polls.vote(helene, post, [1])
    for reader, voted, own in ((helene, True, [1]), (julien, True, [])):
        said = api(reader).get(at(post)).json()
        assert {name: type(value) for name, value in said.items()} == FIELDS
        assert (said["id"], said["voted"], said["own_votes"]) == (str(post.number), voted, own)
        assert said["options"][1] == {"title": "Lavandes", "votes_count": 1}
        assert api(reader).get(f"/api/v1/statuses/{post.number}").json()["poll"] == said
    hidden = api(helene).get(at(ask(julien, hide_totals=True))).json()
    assert [each["votes_count"] for each in hidden["options"]] == [None] * 3
    assert hidden["own_votes"] == [] and hidden["voted"] is False


def test_a_poll_from_next_door_is_voted_in(api, julien, arrived_poll, work, vernay):
    post = arrived_poll()
    said = send(api(julien), at(post, "/votes"), {"choices": [0]}).json()
    assert (said["own_votes"], said["voters_count"], said["options"][0]["votes_count"]) == ([0], 6, 5)
    work()
    assert vernay.received[-1][2]["object"]["name"] == "Rosiers"


@pytest.fixture
def illustrated(julien):
    photo = media.take_image(julien, "p.png", picture(), "un pré")
    return publishing.publish(julien, Draft("Le pré", attachments=(photo,)), Reach("organisation"))


def test_one_cannot_correct_with_the_files_of_another(api, julien, helene, illustrated):
    hers = media.take_image(helene, "p.png", picture(), "à moi")
    path = f"/api/v1/statuses/{illustrated.number}"
    answer = send(api(julien), path, {"status": "Le pré", "media_ids": [str(hers.pk)]}, "put")
    assert answer.status_code == 422 and not Version.objects.exists()
    assert send(api(helene), path, {"status": "À moi"}, "put").status_code == 422


def test_a_status_is_corrected_with_all_that_hangs_from_it(api, julien, illustrated):
    old, new = illustrated.attachments.get(), media.take_image(julien, "q.png", picture(), "")
    path = f"/api/v1/statuses/{illustrated.number}"
    attributes = [
        {"id": str(old.pk), "description": "un pré fauché", "focus": "0.5, -2"},
        {"id": str(new.pk), "description": "une haie"},
        {"id": "x"},
        7,
    ]
    sent = {"status": "Le pré", "media_ids": [str(old.pk), new.pk], "media_attributes": attributes, "language": "oc"}
    said = send(api(julien), path, sent | {"spoiler_text": "Foin", "sensitive": True}, "put").json()
    assert [each["description"] for each in said["media_attachments"]] == ["un pré fauché", "une haie"]
    assert said["media_attachments"][0]["meta"]["focus"] == {"x": 0.5, "y": -1.0}
    assert (said["spoiler_text"], said["sensitive"], said["language"]) == ("Foin", True, "oc")
    first, last = api(julien).get(f"{path}/history").json()
    assert (first["spoiler_text"], first["sensitive"], len(first["media_attachments"])) == ("", False, 1)
    assert first["media_attachments"][0]["id"] == str(old.pk)
    assert first["media_attachments"][0]["description"] == "un pré"
    assert (last["spoiler_text"], last["created_at"]) == ("Foin", said["edited_at"])
    assert first["created_at"] == said["created_at"]


def test_a_poll_stays_when_its_words_are_corrected(api, julien, ask):
    post = ask(julien)
    path = f"/api/v1/statuses/{post.number}"
    assert send(api(julien), path, {"status": "Que semer ?"}, "put").json()["poll"]["id"] == str(post.number)
    changed = {"status": "Que semer ?", "poll": {"options": ["Orge", "Blé"], "expires_in": "3600", "multiple": True}}
    said = send(api(julien), path, changed, "put").json()["poll"]
    assert [each["title"] for each in said["options"]] == ["Orge", "Blé"] and said["multiple"]
    history = api(julien).get(f"{path}/history").json()
    assert [len(each["poll"]["options"]) for each in history] == [3, 3, 2]
    assert Post.objects.get().kind == "question"


@pytest.mark.parametrize(
    "wrong", [{"options": ["a", "b"]}, {"options": ["a"], "expires_in": 600}, {"options": ["a", "b"], "expires_in": 1}]
)
def test_a_poll_that_is_none_is_refused(api, julien, ask, wrong):
    path = f"/api/v1/statuses/{ask(julien).number}"
    assert send(api(julien), path, {"status": "x", "poll": wrong}, "put").status_code == 422


def test_a_poll_ends_for_applications_too(api, julien, helene, ask, later):
    post = ask(julien, lasts=timedelta(hours=1), hide_totals=True)
    polls.vote(helene, post, [2])
    client = api(helene)
    later(hours=1, seconds=1)
    said = client.get(at(post)).json()
    assert said["expired"] and said["options"][2]["votes_count"] == 1


def test_a_poll_is_asked_for_in_every_form_and_lasts_as_long(api, julien):
    client = api(julien)
    form = {"status": "Que planter ?", "poll[options][]": ["Orge", "Blé"], "poll[expires_in]": "3600"}
    said = client.post("/api/v1/statuses", form | {"sensitive": "true"}).json()
    assert [each["title"] for each in said["poll"]["options"]] == ["Orge", "Blé"] and said["sensitive"]
    asked = {"options": ["Orge", "Blé"], "expires_in": 3600, "multiple": True, "hide_totals": True}
    said = send(client, "/api/v1/statuses", {"poll": asked}).json()
    assert said["poll"]["multiple"] and said["poll"]["options"][0]["votes_count"] is None
    due = (now() + timedelta(days=1)).isoformat()
    said = send(client, "/api/v1/statuses", {"status": "Demain", "poll": asked, "scheduled_at": due}).json()
    assert said["params"]["poll"] == asked


def test_the_history_of_an_article_keeps_its_titles(api, julien):
    post = publishing.publish(julien, Draft("Long", "article", "Les massifs"), Reach("organisation"))
    publishing.edit(julien, post, Draft("Long", "article", "Les haies"))
    first, last = api(julien).get(f"/api/v1/statuses/{post.number}/history").json()
    assert "Les massifs" in first["content"] and "Les haies" in last["content"]
    assert first["spoiler_text"] == last["spoiler_text"] == ""
