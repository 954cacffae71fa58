"""Statuses through the API: what a client reads, writes, answers and shares; and what it may not."""

import pytest

from actors import following
from instance.client_api.entities import statuses
from outbox import posts, publishing
from outbox.audience import Reach
from outbox.models import Post
from outbox.publishing import Draft

STATUSES = "/api/v1/statuses"


@pytest.fixture
def write(api):
    def write(actor, **said):
        answer = api(actor).post(STATUSES, {"status": "Bonjour", **said}, content_type="application/json")
        assert answer.status_code == 200, answer.content
        return answer.json()

    return write


def test_one_cannot_answer_what_one_cannot_read(api, julien, helene):
    hidden = publishing.publish(julien, Draft("Entre nous"), Reach("followers"))
    answer = api(helene).post(STATUSES, {"status": "Et moi", "in_reply_to_id": str(hidden.number)})
    assert answer.status_code == 404 and Post.objects.count() == 1


def test_one_cannot_correct_or_withdraw_anothers(api, julien, helene):
    post = publishing.publish(julien, Draft("Bonjour"), Reach("organisation"))
    hers = api(helene)
    assert hers.put(f"{STATUSES}/{post.number}", {"status": "Ha"}, content_type="application/json").status_code == 422
    assert hers.delete(f"{STATUSES}/{post.number}").status_code == 422
    post.refresh_from_db()
    assert (post.source, post.withdrawn_at) == ("Bonjour", None)


@pytest.mark.parametrize("visibility", ["public", "unlisted"])
def test_public_is_no_wider_than_the_organisation(write, julien, visibility):
    said = write(julien, visibility=visibility)
    assert (said["audience"], said["visibility"], said["local_only"]) == ("organisation", "public", True)


def test_private_is_for_followers_and_direct_for_those_named(write, julien, helene):
    assert write(julien, visibility="private")["audience"] == "followers"
    said = write(julien, visibility="direct", status=f"@{helene.handle} un mot")
    assert (said["audience"], said["visibility"]) == ("named", "direct")
    assert [each["id"] for each in said["mentions"]] == [str(helene.pk)]


def test_a_direct_message_to_nobody_is_told(api, julien):
    answer = api(julien).post(STATUSES, {"status": "À personne", "visibility": "direct"})
    assert answer.status_code == 422 and "Désignez" in answer.json()["error"]


def test_an_agent_may_choose_what_public_means(write, julien):
    julien.agent.app_audience = "partners"
    julien.agent.save()
    said = write(julien, visibility="public")
    assert (said["audience"], said["local_only"]) == ("partners", False)


def test_no_agent_goes_further_than_her_house(write, api, julien, settings):
    julien.agent.app_audience = "public"
    julien.agent.save()
    assert write(julien, visibility="public")["audience"] == "organisation"
    assert api(julien).post(STATUSES, {"status": "x", "audience": "public"}).status_code == 422
    settings.PUBLIC_POSTS = True
    assert write(julien, visibility="public")["audience"] == "public"


def test_an_application_that_knows_us_may_name_the_audience(write, api, julien, helene):
    assert write(julien, audience="service")["audience"] == "service"
    assert api(helene).post(STATUSES, {"status": "x", "audience": "service"}).status_code == 422, "she has none"
    assert api(julien).post(STATUSES, {"status": "x", "audience": "tous"}).status_code == 422


def test_an_answer_is_never_wider_than_what_it_answers(write, julien, helene, follows):
    follows(helene, julien)
    private = write(julien, visibility="private")
    said = write(helene, visibility="public", in_reply_to_id=private["id"], status=f"@{julien.handle} merci")
    assert said["audience"] == "named" and said["in_reply_to_id"] == private["id"]
    assert said["in_reply_to_account_id"] == str(julien.pk)


def test_what_was_chosen_for_some_is_not_shared_further(api, write, julien, helene, follows):
    follows(helene, julien)
    private = write(julien, visibility="private")
    answer = api(helene).post(f"{STATUSES}/{private['id']}/reblog")
    assert answer.status_code == 422 and "audience" in answer.json()["error"]


def test_a_share_is_a_status_around_another(api, write, julien, helene):
    said = write(julien)
    share = api(helene).post(f"{STATUSES}/{said['id']}/reblog").json()
    assert share["id"] != said["id"] and share["reblog"]["id"] == said["id"]
    assert share["account"]["id"] == str(helene.pk) and share["reblog"]["reblogged"] is True
    again = api(helene).get(f"{STATUSES}/{share['id']}").json()
    assert again["reblog"]["id"] == said["id"]
    undone = api(helene).post(f"{STATUSES}/{share['id']}/unreblog").json()
    assert (undone["id"], undone["reblogged"], undone["reblogs_count"]) == (said["id"], False, 0)


def test_to_find_useful_and_not(api, write, julien, helene):
    said = write(julien)
    liked = api(helene).post(f"{STATUSES}/{said['id']}/favourite").json()
    assert (liked["favourited"], liked["favourites_count"]) == (True, 1)
    by = api(julien).get(f"{STATUSES}/{said['id']}/favourited_by").json()
    assert [each["id"] for each in by] == [str(helene.pk)]
    assert api(helene).post(f"{STATUSES}/{said['id']}/unfavourite").json()["favourites_count"] == 0


def test_a_correction_keeps_what_was_said(api, write, julien):
    said = write(julien, status="Reunion")
    mine = api(julien)
    assert mine.get(f"{STATUSES}/{said['id']}/source").json()["text"] == "Reunion"
    edited = mine.put(f"{STATUSES}/{said['id']}", {"status": "Réunion"}, content_type="application/json").json()
    assert edited["edited_at"] and "Réunion" in edited["content"]
    versions = mine.get(f"{STATUSES}/{said['id']}/history").json()
    assert ["Reunion" in versions[0]["content"], "Réunion" in versions[1]["content"]] == [True, True]


def test_what_is_taken_back_can_be_written_again(api, write, julien):
    said = write(julien, status="Réunion à 9 h")
    gone = api(julien).delete(f"{STATUSES}/{said['id']}")
    assert gone.json()["text"] == "Réunion à 9 h" and gone["Content-Type"].startswith("application/json")
    assert api(julien).get(f"{STATUSES}/{said['id']}").status_code == 404


def test_a_thread_reads_from_its_beginning(api, write, julien, helene):
    first = write(julien)
    second = write(helene, in_reply_to_id=first["id"])
    third = write(julien, in_reply_to_id=second["id"])
    found = api(helene).get(f"{STATUSES}/{second['id']}/context").json()
    assert [each["id"] for each in found["ancestors"]] == [first["id"]]
    assert [each["id"] for each in found["descendants"]] == [third["id"]]


def test_asked_twice_by_one_key_it_is_written_once(api, julien):
    mine, key = api(julien), {"idempotency-key": "abc"}
    one, two = (mine.post(STATUSES, {"status": "Bonjour"}, headers=key).json() for _ in range(2))
    assert one["id"] == two["id"] and Post.objects.count() == 1
    assert mine.post(STATUSES, {"status": "Bonjour"}).json()["id"] != one["id"]


def test_who_is_blocked_is_not_found(api, write, julien, helene):
    said = write(julien)
    following.block(julien, helene)
    assert api(helene).get(f"{STATUSES}/{said['id']}").status_code == 404
    assert api(helene).get(f"/api/v1/accounts/{julien.pk}").status_code == 404
    assert api(helene).get(f"/api/v1/accounts/lookup?acct={julien.handle}").status_code == 404


def test_search_finds_ones_own_and_people(api, write, julien, helene):
    said = write(julien, status="Fuite rue des Lilas #voirie")
    write(helene, status="Fuite ailleurs")
    found = api(julien).get("/api/v2/search?q=fuite").json()
    assert [each["id"] for each in found["statuses"]] == [said["id"]]
    found = api(julien).get("/api/v2/search?q=voi").json()
    assert [each["name"] for each in found["hashtags"]] == ["voirie"]
    found = api(julien).get("/api/v2/search?q=vasseur&type=accounts").json()
    assert ([each["id"] for each in found["accounts"]], found["statuses"]) == ([str(helene.pk)], [])
    found = api(helene).get("/api/v2/search", {"q": said["url"], "resolve": "true"}).json()
    assert [each["id"] for each in found["statuses"]] == [said["id"]]
    found = api(helene).get("/api/v2/search?q=from:me&type=statuses&limit=1").json()
    assert len(found["statuses"]) == 1 and found["statuses"][0]["account"]["id"] == str(helene.pk)


def test_a_post_that_stands_twice_in_a_list_names_each_once(julien, helene):
    """As in notifications, where several are about the same post."""
    post = publishing.publish(julien, Draft("bonjour @helene.vasseur #parc"), Reach("organisation"))
    twice = statuses.statuses([post, posts.find(julien, post.ulid)], julien)
    assert [[each["username"] for each in status["mentions"]] for status in twice] == [["helene.vasseur"]] * 2
    assert [[each["name"] for each in status["tags"]] for status in twice] == [["parc"]] * 2
