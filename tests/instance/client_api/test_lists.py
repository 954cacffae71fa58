"""Lists, through the door."""

import pytest

from inbox import lists

LISTS = "/api/v1/lists"
JSON = "application/json"


@pytest.fixture
def trees(julien):
    return lists.create(julien, "Arbres")


def test_the_list_of_another_answers_like_one_that_does_not_exist(api, trees, helene):
    client = api(helene)
    for path, methods in ((f"{LISTS}/{{}}", "get put delete"), (f"{LISTS}/{{}}/accounts", "get post delete")):
        for method in methods.split():
            said = {"title": "Prise", "account_ids": [str(helene.pk)]}
            form = {} if method == "get" else {"data": said, "content_type": JSON}
            answers = [getattr(client, method)(path.format(pk), **form) for pk in (trees.pk, 0)]
            assert [each.status_code for each in answers] == [404, 404]
            assert answers[0].content == answers[1].content
    assert lists.of(trees.owner).get().title == "Arbres"


def test_reading_is_no_right_to_change(api, julien, trees):
    client = api(julien, "read")
    assert client.post(LISTS, {"title": "x"}).status_code == 403
    assert client.delete(f"{LISTS}/{trees.pk}").status_code == 403
    assert client.get(LISTS).status_code == 200


@pytest.mark.parametrize("said", [{}, {"title": " "}, {"title": "x", "replies_policy": "all"}, {"title": "x" * 201}])
def test_what_is_no_list_is_refused_with_a_sentence(api, julien, said):
    answer = api(julien).post(LISTS, said)
    assert answer.status_code == 422 and answer.json()["error"]


def test_a_list_from_its_beginning_to_its_end(api, julien):
    client = api(julien)
    made = client.post(LISTS, {"title": "Arbres", "exclusive": "true"}).json()
    assert made == {"id": made["id"], "title": "Arbres", "replies_policy": "list", "exclusive": True}
    path = f"{LISTS}/{made['id']}"
    changed = client.put(path, {"replies_policy": "none"}, content_type=JSON).json()
    assert changed == made | {"replies_policy": "none"}
    assert client.get(path).json() == changed and client.get(LISTS).json() == [changed]
    assert client.delete(path).json() == {} and client.get(LISTS).json() == []


def test_people_come_go_and_are_told_where_they_are(api, julien, helene, lucie, follows, trees):
    follows(julien, lucie)
    client, path = api(julien), f"{LISTS}/{trees.pk}/accounts"
    assert client.post(path, {"account_ids[]": [helene.pk]}).status_code == 404  # not followed
    assert client.post(path, {"account_ids[]": ["lucie"]}).status_code == 404
    assert client.post(path, {"account_ids[]": [lucie.pk, julien.pk]}).json() == {}
    both = [str(lucie.pk), str(julien.pk)]
    assert [each["id"] for each in client.get(path).json()] == both
    assert [each["id"] for each in client.get(f"{path}?limit=0").json()] == both
    assert len(client.get(f"{path}?limit=1").json()) == 1
    assert [each["title"] for each in client.get(f"/api/v1/accounts/{lucie.pk}/lists").json()] == ["Arbres"]
    assert client.get("/api/v1/accounts/0/lists").status_code == 404
    assert (
        client.delete(path, f"account_ids[]={lucie.pk}", content_type="application/x-www-form-urlencoded").json() == {}
    )
    assert client.delete(path, {"account_ids": [str(julien.pk)]}, content_type=JSON).json() == {}
    assert client.get(path).json() == [] and client.get(f"/api/v1/accounts/{lucie.pk}/lists").json() == []
