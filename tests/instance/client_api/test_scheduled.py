"""Statuses that leave later, and statuses that are shown first, through the door."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from outbox import media, posts, publishing, scheduling
from outbox.audience import Reach
from outbox.publishing import Draft
from outbox.wishes import Wish
from tests.outbox.test_media import picture

LIST = "/api/v1/scheduled_statuses"


@pytest.fixture
def parent(helene):
    return publishing.publish(helene, Draft("Qui vient ?"), Reach("organisation"))


@pytest.fixture
def row(julien, parent):
    image = media.take_image(julien, "a.png", picture())
    wish = Wish(Draft("Moi", title="Marché", attachments=(image,)), Reach("organisation"), parent)
    return scheduling.schedule(julien, wish, now() + timedelta(hours=1))


def test_nobody_else_sees_moves_or_cancels_what_one_scheduled(api, client, helene, row):
    at_helene, where = api(helene), f"{LIST}/{row.pk}"
    soon = {"scheduled_at": (now() + timedelta(hours=2)).isoformat()}
    answers = [at_helene.get(where), at_helene.put(where, soon, "application/json"), at_helene.delete(where)]
    assert [each.status_code for each in answers] == [404, 404, 404] and at_helene.get(LIST).json() == []
    assert client.get(LIST).status_code == 401 and api(helene, "write").get(LIST).status_code == 403


def test_one_sees_what_one_asked_for(api, client, julien, row, parent):
    (said,) = api(julien).get(LIST).json()
    assert said == api(julien).get(f"{LIST}/{row.pk}").json()
    params = said["params"]
    assert said["id"] == str(row.pk) and said["scheduled_at"].endswith("Z") and said["reason"] == ""
    assert (params["text"], params["spoiler_text"], params["visibility"]) == ("Moi", "Marché", "public")
    assert params["in_reply_to_id"] == str(parent.number)
    assert params["media_ids"] == [said["media_attachments"][0]["id"]]
    assert client.get(said["media_attachments"][0]["preview_url"]).status_code == 200


@pytest.mark.parametrize("moment", ["", "demain", "2020-01-01T00:00:00Z"])
def test_it_is_not_moved_to_what_is_no_moment_to_come(api, julien, row, moment):
    answer = api(julien).put(f"{LIST}/{row.pk}", {"scheduled_at": moment}, "application/json")
    assert answer.status_code == 422 and answer.json()["error"]


def test_it_is_moved_and_cancelled(api, julien, row):
    later = now() + timedelta(days=2)
    said = api(julien).put(f"{LIST}/{row.pk}", {"scheduled_at": later.isoformat()}, "application/json").json()
    assert said["scheduled_at"][:16] == later.isoformat()[:16]
    assert api(julien).delete(f"{LIST}/{row.pk}").json() == {} and api(julien).get(LIST).json() == []


def test_why_it_could_not_be_published_is_said_to_its_author(api, julien, helene, row, parent, work, time_machine):
    publishing.withdraw(helene, parent)
    time_machine.move_to(now() + timedelta(hours=1, seconds=1))
    work()
    assert (
        api(julien).get(f"{LIST}/{row.pk}").json()["reason"]
        == "La publication à laquelle vous répondiez n’est plus là."
    )


def test_one_cannot_pin_what_another_wrote_nor_what_one_cannot_read(api, julien, helene, parent):
    where = f"/api/v1/statuses/{parent.number}/pin"
    answer = api(julien).post(where)
    assert answer.status_code == 422 and "pas la vôtre" in answer.json()["error"]
    secret = publishing.publish(helene, Draft("Pour moi"), Reach("followers"))
    assert api(julien).post(f"/api/v1/statuses/{secret.number}/pin").status_code == 404
    assert api(helene, "read write:statuses").post(where).status_code == 403


def test_ones_own_status_is_pinned_and_unpinned(api, helene, julien, parent):
    where = f"/api/v1/statuses/{parent.number}"
    assert api(helene).post(f"{where}/pin").json()["pinned"] is True
    assert list(posts.pinned(julien, helene)) == [parent]
    assert api(helene).post(f"{where}/unpin").json()["pinned"] is False
    assert not posts.pinned(julien, helene)
