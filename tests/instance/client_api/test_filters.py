"""Filters in their two versions, through the door."""

from datetime import datetime, timedelta

import pytest
from django.utils.timezone import now

from inbox import filters
from inbox.filters import Wish, Word
from tests.inbox.said import say

V1, V2 = "/api/v1/filters", "/api/v2/filters"
JSON = "application/json"


@pytest.fixture
def canteen(julien):
    return filters.create(julien, Wish("Cantine", ["home"]), [Word("cantine", True), Word("menu", False)])


def paths(canteen, post):
    keyword, row = canteen.keywords.all()[0], filters.add_post(canteen, post)
    return (
        (V2, canteen.pk, "", "get put delete"),
        (V2, canteen.pk, "/keywords", "get post"),
        (V2, canteen.pk, "/statuses", "get post"),
        (f"{V2}/keywords", keyword.pk, "", "get put delete"),
        (f"{V2}/statuses", row.pk, "", "get delete"),
        (V1, keyword.pk, "", "get put delete"),
    )


def test_the_filters_of_another_answer_like_those_that_do_not_exist(api, canteen, julien, helene):
    post = say(julien)
    client = api(helene)
    for before, pk, after, methods in paths(canteen, post):
        for method in methods.split():
            said = {"title": "x", "keyword": "x", "phrase": "x", "status_id": str(post.number)}
            form = {} if method == "get" else {"data": said, "content_type": JSON}
            answers = [getattr(client, method)(f"{before}/{each}{after}", **form) for each in (pk, 0)]
            assert [each.status_code for each in answers] == [404, 404], (method, before, after)
            assert answers[0].content == answers[1].content
    assert client.get(V1).json() == client.get(V2).json() == []
    assert filters.find(julien, canteen.pk).keywords.count() == 2


def test_a_post_that_one_may_not_read_is_not_named_in_a_filter(api, julien, helene):
    hidden = say(julien, "Pour mon service", "service")
    hers = filters.create(helene, Wish("x", ["home"]))
    for number in (hidden.number, 5, "x", ""):
        assert api(helene).post(f"{V2}/{hers.pk}/statuses", {"status_id": number}).status_code == 404


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"title": "x"},
        {"title": "x", "context": ["partout"]},
        {"title": "x", "context": ["home"], "filter_action": "explode"},
        {"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": " "}]},
        {"title": "x\0", "context": ["home"]},
    ],
)
def test_what_is_no_filter_is_refused_with_a_sentence(api, julien, said):
    answer = api(julien).post(V2, said, content_type=JSON)
    assert answer.status_code == 422 and answer.json()["error"]
    assert api(julien).get(V2).json() == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"title": "Repas", "context": ["home"], "keywords_attributes": [{"keyword": "menu"}]}, JSON),
        (
            "title=Repas&context[]=home&keywords_attributes[][keyword]=menu&keywords_attributes[][whole_word]=true",
            "application/x-www-form-urlencoded",
        ),
        (
            "title=Repas&context[]=home&keywords_attributes[0][keyword]=menu",
            "application/x-www-form-urlencoded",
        ),
    ],
)
def test_a_filter_is_made_in_every_form(api, julien, body, kind):
    made = api(julien).post(V2, body, content_type=kind).json()
    (keyword,) = made.pop("keywords")
    assert keyword == {"id": keyword["id"], "keyword": "menu", "whole_word": True}
    assert made == {
        "id": made["id"],
        "title": "Repas",
        "context": ["home"],
        "expires_at": None,
        "filter_action": "warn",
        "statuses": [],
    }


def test_a_filter_is_changed_with_its_words(api, julien, canteen):
    first, second = (str(each.pk) for each in canteen.keywords.order_by("pk"))
    attributes = [
        {"id": first, "keyword": "cantines"},
        {"id": second, "_destroy": True},
        {"keyword": "dessert", "whole_word": False},
    ]
    said = {"filter_action": "hide", "expires_in": 3600, "keywords_attributes": attributes}
    changed = api(julien).put(f"{V2}/{canteen.pk}", said, content_type=JSON).json()
    assert [(each["keyword"], each["whole_word"]) for each in changed["keywords"]] == [
        ("cantines", True),
        ("dessert", False),
    ]
    assert (changed["title"], changed["context"], changed["filter_action"]) == ("Cantine", ["home"], "hide")
    in_an_hour = datetime.fromisoformat(changed["expires_at"]) - now()
    assert timedelta(minutes=59) < in_an_hour <= timedelta(hours=1)
    forever = api(julien).put(f"{V2}/{canteen.pk}", {"expires_in": None}, content_type=JSON).json()
    assert forever["expires_at"] is None and len(forever["keywords"]) == 2


def test_words_and_statuses_one_by_one(api, julien, canteen):
    client, path, post = api(julien), f"{V2}/{canteen.pk}", say(julien)
    added = client.post(f"{path}/keywords", {"keyword": "dessert"}).json()
    assert added["whole_word"] is True and added in client.get(f"{path}/keywords").json()
    one = f"{V2}/keywords/{added['id']}"
    assert client.put(one, {"whole_word": False}, content_type=JSON).json()["keyword"] == "dessert"
    assert client.get(one).json()["whole_word"] is False
    assert client.delete(one).json() == {} and client.get(one).status_code == 404
    named = client.post(f"{path}/statuses", {"status_id": post.number}).json()
    assert named["status_id"] == str(post.number) and client.get(f"{path}/statuses").json() == [named]
    assert client.get(f"{V2}/statuses/{named['id']}").json() == named
    assert client.delete(f"{V2}/statuses/{named['id']}").json() == {}
    assert client.delete(path).json() == {} and client.get(V2).json() == []


def test_a_status_says_why_it_is_filtered_to_its_reader_alone(api, julien, helene, canteen):
    post = say(helene, "La cantine ferme")
    filters.add_post(canteen, post)
    assert api(julien).get(f"/api/v1/statuses/{post.number}").json()["filtered"] == []  # it is for home
    filters.change(canteen, Wish("Cantine", ["home", "thread"]))
    (result,) = api(julien).get(f"/api/v1/statuses/{post.number}").json()["filtered"]
    assert result == {
        "filter": {
            "id": str(canteen.pk),
            "title": "Cantine",
            "context": ["home", "thread"],
            "expires_at": None,
            "filter_action": "warn",
        },
        "keyword_matches": ["cantine"],
        "status_matches": [str(post.number)],
    }
    assert api(helene).get(f"/api/v1/statuses/{post.number}").json()["filtered"] == []


def test_the_first_version_knows_words(api, julien):
    client = api(julien)
    assert client.post(V1, {"phrase": " ", "context[]": "home"}).status_code == 422
    made = client.post(V1, {"phrase": "menu", "context[]": ["home", "public"], "irreversible": "true"}).json()
    assert made == {
        "id": made["id"],
        "phrase": "menu",
        "context": ["home", "public"],
        "whole_word": True,
        "expires_at": None,
        "irreversible": True,
    }
    path = f"{V1}/{made['id']}"
    said = {"phrase": "menus", "context": ["home"], "whole_word": False, "irreversible": False}
    changed = client.put(path, said, content_type=JSON).json()
    assert changed == made | said
    assert client.get(path).json() == changed and client.get(V1).json() == [changed]
    assert client.delete(path).json() == {} and client.get(V1).json() == client.get(V2).json() == []


def test_the_first_version_does_not_change_what_several_words_share(api, julien, canteen):
    path = f"{V1}/{canteen.keywords.order_by('pk')[0].pk}"
    answer = api(julien).put(path, {"phrase": "x", "context": ["public"]}, content_type=JSON)
    assert answer.status_code == 422 and filters.find(julien, canteen.pk).context == ["home"]
    assert api(julien).put(path, {"phrase": "cantines"}, content_type=JSON).json()["phrase"] == "cantines"
