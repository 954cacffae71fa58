"""Mastodon.py is told what happens: by lists, by groups, by whom one chose, on a device, and by announcements."""

import pytest
from mastodon import MastodonNotFoundError

from tests.clients.day import until

pytestmark = pytest.mark.peer


def ids(found):
    return [each.id for each in found]


def told(client, kind, post):
    """The notification of this kind about a post, once it came."""
    return until(lambda: [each for each in client.notifications() if each.type == kind and each.status.id == post.id])[
        0
    ]


def test_it_is_told(julien, helene):
    post = helene.status_post(f"@{julien.me().acct} une question")
    one = told(julien, "mention", post)
    assert julien.notifications(id=one.id).id == one.id and one.account.id == helene.me().id
    assert ids(julien.notifications(types=["mention"], account_id=helene.me().id)) == [one.id]
    assert julien.notifications(exclude_types=["mention"]) == []
    assert julien.notifications_unread_count().count == 1
    julien.markers_set(["notifications"], [one.id])
    assert julien.markers_get(["notifications"])["notifications"].last_read_id == str(one.id)
    assert julien.notifications_unread_count().count == 0
    julien.notifications_dismiss(one.id)
    with pytest.raises(MastodonNotFoundError):
        julien.notifications(id=one.id)


def test_it_is_told_by_groups(julien, helene, sign_in):
    post, ines = julien.status_post("Café ?"), sign_in("Inès")
    for client in (helene, ines):
        client.status_favourite(post.id)
    until(lambda: len(julien.notifications(types=["favourite"])) == 2)
    group = julien.grouped_notifications(types=["favourite"]).notification_groups[0]
    assert (group.notifications_count, group.status_id) == (2, post.id)
    alone = julien.grouped_notification(group.group_key)
    assert set(ids(alone.accounts)) == {helene.me().id, ines.me().id}
    assert len(julien.grouped_notification_accounts(group.group_key)) == 2
    assert julien.unread_grouped_notifications_count() == 1
    julien.dismiss_grouped_notification(group.group_key)
    assert julien.grouped_notifications().notification_groups == []
    helene.status_reblog(post.id)
    until(lambda: julien.notifications())
    julien.notifications_clear()
    assert julien.notifications() == []


def test_it_chooses_from_whom(julien, helene, sign_in):
    lou, ines = sign_in("Lou"), sign_in("Inès")
    assert julien.update_notifications_policy(for_not_following="filter").for_not_following == "filter"
    posts = [each.status_post(f"@{julien.me().acct} bonjour") for each in (helene, lou, ines)]
    waiting = until(lambda: julien.notification_requests() if len(julien.notification_requests()) == 3 else None)
    assert julien.notifications() == []
    assert julien.notifications_policy().summary.pending_requests_count == 3
    asked = {each.account.id: each for each in waiting}
    hers = asked[helene.me().id]
    assert julien.notification_request(hers.id).last_status.id == posts[0].id
    julien.accept_notification_request(hers.id)
    until(lambda: ids(each.status for each in julien.notifications()) == [posts[0].id])
    assert julien.notifications_merged()
    julien.accept_multiple_notification_requests([asked[lou.me().id].id])
    julien.dismiss_notification_request(asked[ines.me().id].id)
    assert julien.notification_requests() == []
    ines.status_post(f"@{julien.me().acct} encore")
    again = until(julien.notification_requests)
    julien.dismiss_multiple_notification_requests(ids(again))
    assert julien.notification_requests() == []
    julien.update_notifications_policy(for_not_following="accept")


def test_it_is_rung(julien):
    with pytest.raises(MastodonNotFoundError):
        julien.push_subscription()
    _private, public = julien.push_subscription_generate_keys()
    made = julien.push_subscription_set("https://push.example/1", public, mention_events=True)
    assert made.alerts.mention and made.endpoint == "https://push.example/1"
    assert made.server_key == julien.instance_v2().configuration.vapid.public_key
    assert julien.push_subscription().id == made.id
    assert julien.push_subscription_update(follow_events=True).alerts.follow
    julien.push_subscription_delete()
    with pytest.raises(MastodonNotFoundError):
        julien.push_subscription()


@pytest.fixture
def announced(town):
    """What the organisation tells all of its agents, for the time of a test."""
    before = "from inbox.models import Announcement\n"
    town.sh(f"{before}Announcement.objects.create(words='Fermeture vendredi')")
    yield "Fermeture vendredi"
    town.sh(f"{before}Announcement.objects.all().delete()")


def test_it_reads_what_the_organisation_announces(announced, julien):
    (found,) = julien.announcements()
    assert announced in found.content
    julien.announcement_dismiss(found.id)
    assert [each for each in julien.announcements() if not each.read] == []
