"""What is left of letters, of withdrawn posts and of files goes in its time; what a post still needs stays with it."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils.timezone import now

from federation import night
from federation.models import Delivery, Dispatch
from inbox import conversations
from inbox.models import Conversation
from outbox import leftovers, media, posts, publishing, reactions, scheduling, uploads
from outbox.audience import Reach
from outbox.models import Attachment, Boost, Like, Post, Scheduled, Tombstone
from outbox.publishing import Draft
from outbox.wishes import Wish
from tests.ages import MOMENT, aged, clear_all, kept
from tests.inbox.said import say
from tests.outbox.test_media import picture

pytestmark = pytest.mark.django_db
ORGANISATION = Reach("organisation")


def withdrawn(rows, age):
    rows.update(withdrawn_at=now() - age)


class TestTraces:
    def test_what_came_late_of_a_withdrawn_post_is_refused_as_long_as_there_is_a_trace(
        self, vernay, julien, arrives, lucie
    ):
        letter = vernay.create(vernay.lucie, [julien.uri])
        uri = letter["object"]["id"]
        arrives(vernay, letter)
        arrives(vernay, vernay.activity("Delete", vernay.lucie, uri))
        withdrawn(Post.objects.all(), kept("traces") - MOMENT)
        aged(Tombstone.objects.all(), "since", kept("traces") - MOMENT)
        clear_all()
        again = vernay.activity("Create", vernay.lucie, letter["object"], to=[julien.uri])
        arrives(vernay, again)
        assert not posts.readable_by(julien).exists() and Post.objects.get().withdrawn_at
        withdrawn(Post.objects.all(), kept("traces") + MOMENT)
        aged(Tombstone.objects.all(), "since", kept("traces") + MOMENT)
        assert clear_all() == {"posts": 1, "tombstones": 1}
        assert not Post.objects.exists() and not Tombstone.objects.exists()

    def test_one_that_is_answered_keeps_its_place_and_the_thread_is_whole(self, julien, helene, work):
        first = say(julien, "Un", "organisation")
        second = say(helene, "Deux", parent=first)
        third = say(julien, "Trois", parent=second)
        work()
        for post in (first, second):
            publishing.withdraw(post.author, post)
        work()
        withdrawn(Post.objects.exclude(withdrawn_at=None), kept("traces") + MOMENT)
        aged(Delivery.objects.all(), "state_since", kept("traces") + MOMENT)
        for _ in range(2):
            clear_all()
        third.refresh_from_db()
        assert (third.in_reply_to_id, third.root_id) == (second.pk, first.pk)
        assert Post.objects.count() == 3
        assert posts.thread(helene, third) == ([], [])

    def test_a_thread_of_which_nothing_is_left_goes_in_one_night(self, julien, helene, work):
        first = say(julien, "Un", "organisation")
        second = say(helene, "Deux", parent=first)
        for post in (first, second):
            publishing.withdraw(post.author, post)
        work()
        withdrawn(Post.objects.all(), kept("traces") + MOMENT)
        aged(Delivery.objects.all(), "state_since", kept("traces") + MOMENT)
        assert clear_all()["posts"] == 2

    def test_one_that_is_answered_from_elsewhere_by_its_address_alone_stays(self, julien, vernay, arrives, work):
        post = publishing.publish(julien, Draft("Un"), ORGANISATION)
        answer = vernay.create(vernay.lucie, [julien.uri], inReplyTo=post.uri)
        arrives(vernay, answer)
        reply = Post.objects.get(uri=answer["object"]["id"])
        assert (reply.in_reply_to_id, reply.in_reply_to_uri) == (None, post.uri)
        publishing.withdraw(julien, post)
        work()
        withdrawn(Post.objects.filter(pk=post.pk), kept("traces") + MOMENT)
        aged(Delivery.objects.all(), "state_since", kept("traces") + MOMENT)
        assert "posts" not in clear_all()

    def test_an_answer_that_comes_at_that_very_moment_keeps_it(self, julien, helene, monkeypatch):
        post = publishing.publish(julien, Draft("Un"), ORGANISATION)
        Dispatch.objects.all().delete()
        withdrawn(Post.objects.filter(pk=post.pk), kept("traces") + MOMENT)
        more = {"author": helene, "kind": "note", "audience": "organisation", "in_reply_to_uri": post.uri}
        monkeypatch.setattr(
            night, "sleep", lambda _: Post.objects.create(uri="x", ulid="x", number=1, in_reply_to=post, **more)
        )
        assert night.clear("posts") == 0
        assert Post.objects.get(uri="x").in_reply_to == post

    def test_a_conversation_whose_last_post_was_withdrawn_stays(self, julien, helene, work):
        first = say(julien, "Une question", "named", named=[helene])
        work()
        last = say(helene, "Une réponse", parent=first)
        work()
        publishing.withdraw(helene, last)
        work()
        withdrawn(Post.objects.filter(pk=last.pk), kept("traces") + MOMENT)
        aged(Delivery.objects.all(), "state_since", kept("traces") + MOMENT)
        clear_all()
        clear_all()
        assert Conversation.objects.count() == 2
        assert [talk.last for talk in conversations.talks(julien, list(conversations.rows(julien)))] == [first]

    def test_whoever_pages_from_there_goes_on_from_there(self, julien, api, work):
        made = [publishing.publish(julien, Draft(word), ORGANISATION) for word in ("Un", "Deux", "Trois")]
        publishing.withdraw(julien, made[1])
        work()
        withdrawn(Post.objects.filter(pk=made[1].pk), kept("traces") + MOMENT)
        aged(Delivery.objects.all(), "state_since", kept("traces") + MOMENT)
        assert clear_all()["posts"] == 1
        reader, last = api(julien), made[1].number
        for asked, found in ((f"max_id={last}", made[0]), (f"min_id={last}", made[2]), (f"since_id={last}", made[2])):
            page = reader.get(f"/api/v1/timelines/home?{asked}").json()
            assert [each["id"] for each in page] == [str(found.number)], asked
        gone = reader.get(f"/api/v1/statuses/{last}")
        assert gone.status_code == 404

    def test_one_that_is_not_withdrawn_stays_however_old(self, julien, work):
        post = publishing.publish(julien, Draft("Un"), ORGANISATION, at=now() - 9 * kept("traces"))
        work()
        clear_all()
        assert posts.find(julien, post.ulid) == post


def test_reactions_go_with_what_they_were_about(julien, helene, lucie, work):
    stays, goes = (publishing.publish(julien, Draft(word), ORGANISATION) for word in ("Un", "Deux"))
    for post in (stays, goes):
        reactions.like(helene, post)
        reactions.boost(helene, post)
    publishing.withdraw(julien, goes)
    work()
    assert {name: count for name, count in clear_all().items() if name in ("likes", "boosts")} == {
        "likes": 1,
        "boosts": 1,
    }
    assert Like.objects.get().post == Boost.objects.get().post == stays


class TestUploads:
    def test_one_that_no_post_carries_goes_with_its_files(self, julien, django_capture_on_commit_callbacks):
        photo, paper, young = (
            media.take_image(julien, "a.png", picture()),
            media.take_document(julien, "a.pdf", b"%PDF-1.7 x"),
            media.take_document(julien, "b.pdf", b"%PDF-1.7 x"),
        )
        files = [Path(each.path) for each in (photo.file, photo.thumbnail, paper.file)]
        aged(Attachment.objects.all(), "state_since", leftovers.UPLOADS + MOMENT)
        aged(Attachment.objects.filter(pk=young.pk), "state_since", leftovers.UPLOADS - MOMENT)
        assert all(each.exists() for each in files)
        with django_capture_on_commit_callbacks(execute=True):
            assert clear_all() == {"uploads": 2}
        assert not any(each.exists() for each in files)
        assert Attachment.objects.get() == young and Path(young.file.path).exists()

    def test_one_that_was_never_drawn_goes_with_what_was_sent(self, julien, django_capture_on_commit_callbacks):
        row = uploads.take(julien, "grand.png", picture(size=(2500, 2500)))
        aged(Attachment.objects.all(), "state_since", leftovers.UPLOADS + MOMENT)
        assert default_storage.exists(uploads.raw(row))
        with django_capture_on_commit_callbacks(execute=True):
            assert clear_all() == {"uploads": 1}
        assert not default_storage.exists(uploads.raw(row))

    def test_what_a_post_carries_or_will_carry_stays(self, julien, django_capture_on_commit_callbacks):
        now_there, to_come = (media.take_image(julien, "a.png", picture()) for _ in range(2))
        publishing.publish(julien, Draft("Un", attachments=(now_there,)), ORGANISATION)
        wish = Wish(Draft("Deux", attachments=(to_come,)), ORGANISATION, None)
        scheduling.schedule(julien, wish, now() + timedelta(hours=1))
        aged(Attachment.objects.all(), "state_since", 9 * leftovers.UPLOADS)
        with django_capture_on_commit_callbacks(execute=True):
            assert clear_all() == {}
        Scheduled.objects.all().delete()
        with django_capture_on_commit_callbacks(execute=True):
            assert clear_all() == {"uploads": 1}
        assert Attachment.objects.get() == now_there and Path(now_there.file.path).exists()
