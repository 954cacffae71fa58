"""Those who were blocked, and houses that left the list, meet nobody (security rows 24, 88 to 90)."""

import pytest

from actors import directory, following
from federation import peers
from federation.errors import NotHere, UnknownPeer
from inbox import notifications, timelines
from inbox.models import Notification
from outbox import posts, publishing
from outbox.audience import Reach
from outbox.models import Boost, Like
from outbox.publishing import Draft

pytestmark = pytest.mark.django_db


class TestKeptApart:
    @pytest.mark.row(90)
    def test_the_posts_answers_likes_and_requests_of_the_blocked_reach_nobody_who_blocked(
        self, vernay, julien, helene, lucie, arrives
    ):
        post = publishing.publish(julien, Draft("à tous"), Reach("partners"))
        following.block(julien, lucie)
        tag = [{"type": "Mention", "href": julien.uri}]
        for activity in (
            vernay.create(vernay.lucie, [julien.uri], tag=tag),
            vernay.create(vernay.lucie, [vernay.followers(), julien.uri], inReplyTo=post.uri, tag=tag),
            vernay.activity("Like", vernay.lucie, post.uri),
            vernay.activity("Announce", vernay.lucie, post.uri),
            vernay.activity("Follow", vernay.lucie, julien.uri),
        ):
            arrives(vernay, activity)
        assert not Notification.objects.filter(reader=julien).exists()
        assert not posts.readable_by(julien).filter(author=lucie).exists()
        assert (Like.objects.count(), Boost.objects.count(), following.followers(julien).count()) == (0, 0, 0)
        assert posts.thread(helene, post) == ([], [])

    def test_what_the_blocked_did_before_is_shown_no_more(self, vernay, julien, lucie, arrives):
        post = publishing.publish(julien, Draft("à tous"), Reach("partners"))
        arrives(vernay, vernay.activity("Like", vernay.lucie, post.uri))
        arrives(vernay, vernay.activity("Follow", vernay.lucie, julien.uri))
        assert notifications.new_count(julien) == notifications.page(julien).count() == 2
        following.block(julien, lucie)
        assert notifications.new_count(julien) == notifications.page(julien).count() == 0


class TestOffTheList:
    def test_what_a_suspended_house_wrote_is_shown_no_more(self, vernay, julien, lucie, follows, arrives, client):
        follows(julien, lucie)
        created = vernay.create(vernay.lucie, [julien.uri])
        arrives(vernay, created)
        assert len(timelines.page(julien, "")[0]) == 1
        peers.suspend(vernay.peer)
        assert timelines.page(julien, "")[0] == []
        assert notifications.page(julien).count() == notifications.new_count(julien) == 0
        assert directory.search("lucie").count() == 0
        for look in (directory.by_address, directory.on_page):
            with pytest.raises(UnknownPeer):
                look(f"lucie@{vernay.host}")
        assert vernay.get(client, julien.uri).status_code == 403
        vernay.peer.refresh_from_db()
        peers.resume(vernay.peer)
        assert len(timelines.page(julien, "")[0]) == 1

    def test_what_was_received_before_the_suspension_is_shown_to_nobody_while_it_lasts(
        self, vernay, julien, client, work
    ):
        vernay.post(client, vernay.create(vernay.lucie, [julien.uri]))
        peers.suspend(vernay.peer)
        work()
        assert not Notification.objects.exists()
        assert not posts.readable_by(julien).exists()

    def test_someone_gone_is_not_found(self, vernay, lucie, arrives):
        arrives(vernay, vernay.activity("Delete", vernay.lucie, vernay.lucie))
        with pytest.raises(NotHere):
            directory.by_address(f"lucie@{vernay.host}")
        assert directory.search("lucie").count() == 0
