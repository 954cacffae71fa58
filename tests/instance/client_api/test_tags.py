"""Subjects through the API: followed, shown on a profile, counted only for who may read; and the emoji of the house."""

import pytest

from actors import following
from outbox import emoji, publishing
from outbox.audience import Reach
from outbox.publishing import Draft
from tests.outbox.test_media import picture

FOLLOWED, FEATURED, TAGS = "/api/v1/followed_tags", "/api/v1/featured_tags", "/api/v1/tags"


@pytest.fixture
def written(julien, aubin):
    """Two about #voirie, one of them for his service; one about #école, for nobody yet."""
    publishing.publish(julien, Draft("La #voirie"), Reach("organisation"))
    publishing.publish(julien, Draft("La #voirie, entre nous"), Reach("service", service=aubin.green.actor))
    publishing.publish(julien, Draft("L’#école"), Reach("followers"))


def test_each_asks_for_its_scope(api, client, julien):
    assert client.get(FOLLOWED).status_code == 401
    assert api(julien, "read:statuses").get(FOLLOWED).status_code == 403
    assert api(julien, "read").post(f"{TAGS}/voirie/follow").status_code == 403
    assert api(julien, "read").post(FEATURED, {"name": "voirie"}).status_code == 403


@pytest.mark.parametrize("deed", ["", "/follow", "/unfollow", "/feature", "/unfeature"])
@pytest.mark.parametrize("name", ["a", "deux%20mots", "%3Cb%3E", "a" * 101])
def test_what_is_no_name_is_not_here(api, julien, name, deed):
    client = api(julien)
    answer = client.post(f"{TAGS}/{name}{deed}") if deed else client.get(f"{TAGS}/{name}")
    assert answer.status_code == 404 and answer.json()["error"]


def test_a_subject_that_was_only_written_in_private_looks_like_one_that_was_not(api, helene, written):
    known, unknown = (api(helene).get(f"{TAGS}/{name}").json() for name in ("école", "ecole"))
    assert known.pop("id") != unknown.pop("id") and known["history"] == []
    assert {key: known[key] for key in ("history", "following", "featuring")} == {
        key: unknown[key] for key in ("history", "following", "featuring")
    }


def test_subjects_are_followed_listed_page_by_page_and_no_longer(api, julien, helene):
    at_julien = api(julien)
    for name in ("voirie", "école", "marché"):
        said = at_julien.post(f"{TAGS}/{name}/follow").json()
        assert said["following"] is True and said["name"] == name and said["history"] == []
    first = at_julien.get(f"{FOLLOWED}?limit=2")
    assert [each["name"] for each in first.json()] == ["marché", "école"]
    older = first.headers["Link"].split(">")[0].lstrip("<")
    assert [each["name"] for each in at_julien.get(older).json()] == ["voirie"]
    assert api(helene).get(FOLLOWED).json() == []
    assert at_julien.get(f"{TAGS}/Voirie").json()["following"] is True
    assert at_julien.post(f"{TAGS}/voirie/unfollow").json()["following"] is False
    assert len(at_julien.get(f"{FOLLOWED}?limit=200").json()) == 2


def test_nobody_removes_what_another_shows(api, julien, helene):
    shown = api(julien).post(FEATURED, {"name": "#Voirie"}).json()
    assert api(helene).delete(f"{FEATURED}/{shown['id']}").status_code == 404
    assert api(julien).delete(f"{FEATURED}/{shown['id']}").json() == {}
    assert api(julien).delete(f"{FEATURED}/{shown['id']}").status_code == 404


def test_no_more_than_ten_are_shown(api, julien):
    client = api(julien)
    assert client.post(FEATURED).status_code == 422
    for number in range(10):
        client.post(FEATURED, {"name": f"sujet{number}"})
    assert client.post(FEATURED, {"name": "sujet0"}).status_code == 200
    answer = client.post(f"{TAGS}/encore/feature")
    assert answer.status_code == 422 and "10 sujets" in answer.json()["error"]


def test_what_is_shown_counts_what_the_one_who_looks_may_read(api, julien, helene, written):
    for name in ("voirie", "école"):
        assert api(julien).post(f"{TAGS}/{name}/feature").json()["featuring"] is True
    counts = {
        str(viewer): {each["name"]: (each["statuses_count"], bool(each["last_status_at"])) for each in said}
        for viewer, said in (
            ("julien", api(julien).get(FEATURED).json()),
            ("helene", api(helene).get(f"/api/v1/accounts/{julien.pk}/featured_tags").json()),
        )
    }
    assert counts["julien"] == {"voirie": ("2", True), "école": ("1", True)}
    assert counts["helene"] == {"voirie": ("1", True), "école": ("0", False)}
    assert len(api(julien).get(FEATURED).json()[0]["last_status_at"]) == len("2026-01-01")
    assert api(julien).post(f"{TAGS}/voirie/unfeature").json()["featuring"] is False
    following.block(julien, helene)
    assert api(helene).get(f"/api/v1/accounts/{julien.pk}/featured_tags").status_code == 404


def test_ones_own_subjects_are_suggested(api, julien, helene, written):
    assert [each["name"] for each in api(julien).get(f"{FEATURED}/suggestions").json()] == ["voirie", "école"]
    api(julien).post(FEATURED, {"name": "voirie"})
    assert [each["name"] for each in api(julien).get(f"{FEATURED}/suggestions").json()] == ["école"]
    assert api(helene).get(f"{FEATURED}/suggestions").json() == []


def test_the_emoji_of_the_house_are_listed_for_anyone(client, aubin):
    assert client.get("/api/v1/custom_emojis").json() == []
    emoji.add("mairie", picture(kind="PNG"), "Lieux")
    (said,) = client.get("/api/v1/custom_emojis").json()
    assert (said["shortcode"], said["category"], said["visible_in_picker"]) == ("mairie", "Lieux", True)
    assert client.get(said["url"]).status_code == client.get(said["static_url"]).status_code == 200


def test_a_status_tells_which_emoji_its_text_names(api, julien):
    emoji.add("mairie", picture(kind="PNG"))
    posts = [publishing.publish(julien, Draft(said), Reach("organisation")) for said in ("La :mairie:", "Rien :ici:")]
    asked = "&".join(f"id[]={post.number}" for post in posts)
    said = api(julien).get(f"/api/v1/statuses?{asked}").json()
    assert [[each["shortcode"] for each in one["emojis"]] for one in said] == [["mairie"], []]
    assert ":mairie:" in said[0]["content"]
