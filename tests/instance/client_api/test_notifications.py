"""What an application is told in the name of its agent: one by one, by groups, from whom she chooses."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.utils.timezone import now

from actors import arrivals, following
from inbox.models import Notification
from outbox import publishing, reactions
from outbox.audience import Reach
from outbox.publishing import Draft

LIST = "/api/v1/notifications"


@pytest.fixture
def phone(api, julien):
    return api(julien)


@pytest.fixture
def publish(work):
    def write(author, source="Bonjour", code="organisation", **more):
        post = publishing.publish(author, Draft(source), Reach(code, **more))
        work()
        return post

    return write


@pytest.fixture
def crowd(aubin):
    return [arrivals.invite(f"Agent {number}").actor for number in range(4)]


@pytest.fixture
def liked(julien, crowd, publish, work):
    """Four found two posts useful, and one of them named Julien."""
    posts = [publish(julien), publish(julien)]
    for person in crowd:
        for post in posts:
            reactions.like(person, post)
    work()
    publish(crowd[0], "@julien.mercier merci")
    return posts


def types(answer):
    return [each["type"] for each in answer.json()]


def walk(phone, path):
    pages = []
    while path:
        answer = phone.get(path)
        pages.append(answer.json())
        link = answer.headers.get("Link", "")
        after = urlsplit(link.partition('; rel="next"')[0].strip("<>")) if 'rel="next"' in link else None
        path = f"{after.path}?{after.query}" if after else ""
    return pages


def test_nothing_of_anothers_is_read_or_dismissed(api, helene, liked):
    row = Notification.objects.latest("pk")
    hers = api(helene)
    assert hers.get(LIST).json() == [] and hers.get(f"{LIST}/{row.pk}").status_code == 404
    assert hers.post(f"{LIST}/{row.pk}/dismiss").status_code == 404 and hers.post(f"{LIST}/clear").json() == {}
    for key in (f"ungrouped-{row.pk}", f"favourite-{liked[0].number}-{row.created_at.toordinal()}"):
        assert hers.get(f"/api/v2/notifications/{key}").status_code == 404
        assert hers.post(f"/api/v2/notifications/{key}/dismiss").status_code == 404
    assert Notification.objects.count() == 9
    assert api(helene, "write").get(LIST).status_code == 403


@pytest.mark.parametrize(
    "key", ["x", "ungrouped-", "favourite-1-9999999", "follow-0", "favourite-9999999999999999999-1"]
)
def test_a_key_that_is_none_is_not_here(phone, key):
    assert phone.get(f"/api/v2/notifications/{key}").status_code == 404


def test_reasons_read_as_types_that_clients_know(phone, julien, helene, liked, lucie, follows, work):
    following.ask(helene, julien)
    work()
    unheard_of = Notification.objects.create(reader=julien, actor=helene, reason="unheard_of")
    assert phone.get(f"{LIST}/{unheard_of.pk}").status_code == 404
    found = phone.get(LIST).json()
    assert [each["type"] for each in found] == ["follow", "mention", *["favourite"] * 8]
    assert "status" not in found[0] and found[1]["status"]["mentions"][0]["username"] == "julien.mercier"
    one = phone.get(f"{LIST}/{found[1]['id']}").json()
    assert one == found[1] and one["created_at"].endswith("Z") and one["account"]["id"]


def test_types_are_chosen_and_unknown_ones_ignored(phone, liked, crowd):
    assert types(phone.get(f"{LIST}?types[]=mention&types[]=moon")) == ["mention"]
    assert types(phone.get(f"{LIST}?types[]=moon")) == []
    assert types(phone.get(f"{LIST}?exclude_types[]=favourite&exclude_types[]=moon")) == ["mention"]
    assert types(phone.get(f"{LIST}?account_id={crowd[0].pk}")) == ["mention", "favourite", "favourite"]
    assert len(phone.get(f"{LIST}?limit=1000").json()) == 9


def test_pages_by_link_show_each_once_and_min_id_the_next_ones(phone, liked):
    every = list(Notification.objects.order_by("-pk").values_list("pk", flat=True))
    assert [each["id"] for page in walk(phone, f"{LIST}?limit=4") for each in page] == list(map(str, every))
    newer = phone.get(f"{LIST}?limit=2&min_id={every[-1]}").json()
    assert [each["id"] for each in newer] == [str(every[-3]), str(every[-2])]
    newest = phone.get(f"{LIST}?limit=2&since_id={every[-1]}").json()
    assert [each["id"] for each in newest] == [str(every[0]), str(every[1])]


def test_what_one_may_no_longer_meet_is_not_told(phone, julien, crowd, liked):
    following.block(julien, crowd[0])
    assert types(phone.get(LIST)) == ["favourite"] * 6
    publishing.withdraw(julien, liked[0])
    assert types(phone.get(LIST)) == ["favourite"] * 3


def test_one_or_all_are_dismissed_and_the_new_ones_counted(phone, liked):
    assert phone.get(f"{LIST}/unread_count").json() == {"count": 9}
    assert phone.get(f"{LIST}/unread_count?limit=5").json() == {"count": 5}
    assert phone.get("/api/v2/notifications/unread_count").json() == {"count": 3}
    newest = phone.get(f"{LIST}?limit=1").json()[0]["id"]
    assert phone.post(f"{LIST}/{newest}/dismiss").json() == {} and phone.get(f"{LIST}/{newest}").status_code == 404
    phone.post(f"{LIST}/clear")
    assert phone.get(LIST).json() == []


def test_deeds_on_one_status_are_one_group(phone, liked, crowd):
    said = phone.get("/api/v2/notifications").json()
    groups = said["notification_groups"]
    assert [(each["type"], each["notifications_count"]) for each in groups] == [
        ("mention", 1), ("favourite", 4), ("favourite", 4),
    ]  # fmt: skip
    assert {each["status_id"] for each in groups} == {each["id"] for each in said["statuses"]}
    assert {pk for each in groups for pk in each["sample_account_ids"]} == {each["id"] for each in said["accounts"]}
    newest = groups[0]
    assert newest["most_recent_notification_id"] == int(newest["page_max_id"]) and "partial_accounts" not in said
    assert newest["latest_page_notification_at"].endswith("Z")
    one = phone.get(f"/api/v2/notifications/{groups[1]['group_key']}").json()
    assert one["notification_groups"][0]["notifications_count"] == 4
    people = phone.get(f"/api/v2/notifications/{groups[1]['group_key']}/accounts").json()
    assert {each["id"] for each in people} == {str(each.pk) for each in crowd}
    phone.post(f"/api/v2/notifications/{groups[1]['group_key']}/dismiss")
    assert len(phone.get(LIST).json()) == 5
    assert phone.get(f"/api/v2/notifications/{newest['group_key']}").json()["notification_groups"] == [newest]


def test_another_day_is_another_group_and_one_may_ask_for_none(phone, julien, helene, liked, work):
    with time_machine.travel(now() + timedelta(days=2)):
        reactions.like(helene, liked[0])
        work()
        groups = phone.get("/api/v2/notifications?exclude_types[]=mention").json()["notification_groups"]
        assert [each["notifications_count"] for each in groups] == [1, 4, 4]
        alone = phone.get("/api/v2/notifications?grouped_types[]=follow").json()["notification_groups"]
        assert len(alone) == 10 and all(each["group_key"].startswith("ungrouped-") for each in alone)


def test_pages_of_groups_hold_each_notification_once(phone, liked):
    pages = walk(phone, "/api/v2/notifications?limit=1&grouped_types[]=favourite")
    assert sum(each["notifications_count"] for page in pages for each in page["notification_groups"]) == 9
    assert all(len(page["notification_groups"]) <= 1 for page in pages)
    oldest = Notification.objects.earliest("pk").pk
    newer = phone.get(f"/api/v2/notifications?limit=1&min_id={oldest}").json()["notification_groups"]
    assert len(newer) == 1 and int(newer[0]["page_min_id"]) > oldest


def test_accounts_may_come_in_part(phone, liked, crowd):
    said = phone.get("/api/v2/notifications?expand_accounts=partial_avatars").json()
    assert {each["id"] for each in said["accounts"] + said["partial_accounts"]} == {str(each.pk) for each in crowd}
    assert set(said["partial_accounts"][0]) == {"id", "acct", "locked", "bot", "url", "avatar", "avatar_static"}


def test_more_of_them_cost_no_more_questions(phone, liked, django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        phone.get(f"{LIST}?limit=80")
    with django_assert_max_num_queries(25):
        phone.get("/api/v2/notifications?limit=80")


def test_a_policy_is_read_and_chosen_in_both_versions(phone):
    assert phone.get("/api/v2/notifications/policy").json() == {
        "for_not_following": "accept",
        "for_not_followers": "accept",
        "for_new_accounts": "accept",
        "for_private_mentions": "accept",
        "for_limited_accounts": "accept",
        "summary": {"pending_requests_count": 0, "pending_notifications_count": 0},
    }
    said = {"for_not_following": "drop"}
    assert phone.patch("/api/v2/notifications/policy", said, content_type="application/json").status_code == 200
    said = {"for_not_following": "perhaps"}
    assert phone.put("/api/v2/notifications/policy", said, content_type="application/json").status_code == 422
    formerly = phone.get("/api/v1/notifications/policy").json()
    assert formerly["filter_not_following"] is True and formerly["filter_new_accounts"] is False
    phone.put("/api/v1/notifications/policy", {"filter_not_following": False}, content_type="application/json")
    assert phone.get("/api/v2/notifications/policy").json()["for_not_following"] == "accept"


def test_what_waits_apart_is_accepted_or_dismissed_by_person(phone, julien, crowd, publish):
    phone.patch("/api/v2/notifications/policy", {"for_not_following": "filter"}, content_type="application/json")
    for person in (*crowd[:3], crowd[0]):
        publish(person, "@julien.mercier ?")
    assert phone.get(LIST).json() == [] and len(phone.get(f"{LIST}?include_filtered=true").json()) == 4
    requests = phone.get(f"{LIST}/requests").json()
    assert [each["id"] for each in requests] == [str(crowd[0].pk), str(crowd[2].pk), str(crowd[1].pk)]
    assert requests[0]["notifications_count"] == "2" and requests[0]["last_status"]["account"]["id"] == str(crowd[0].pk)
    assert phone.get(f"{LIST}/requests/{crowd[0].pk}").json() == requests[0]
    assert phone.get(f"{LIST}/requests/{crowd[3].pk}").status_code == 404
    assert [len(page) for page in walk(phone, f"{LIST}/requests?limit=2")] == [2, 1]
    assert phone.get("/api/v2/notifications/policy").json()["summary"]["pending_notifications_count"] == 4
    assert phone.post(f"{LIST}/requests/{crowd[0].pk}/accept").json() == {}
    assert len(phone.get(LIST).json()) == 2 and phone.get(f"{LIST}/requests/merged").json() == {"merged": True}
    phone.post(f"{LIST}/requests/accept", {"id[]": crowd[1].pk})
    phone.post(f"{LIST}/requests/dismiss", {"id[]": [crowd[2].pk, 999]})
    assert phone.get(f"{LIST}/requests").json() == [] and len(phone.get(LIST).json()) == 3
    assert phone.post(f"{LIST}/requests/{crowd[2].pk}/dismiss").status_code == 404
