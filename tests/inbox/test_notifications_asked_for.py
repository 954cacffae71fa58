"""Being told of each new post of someone, of edits of what one shared; and keeping what one is told in order."""

import pytest

from actors import arrivals, following
from federation.errors import NotHere
from inbox import notifications
from inbox.models import Notification
from outbox import audience, posts, publishing, reactions, readers
from outbox.audience import Reach
from outbox.publishing import Draft


@pytest.fixture
def closely(julien, helene, work):
    """Julien wants to be told of each post of Hélène."""
    following.ask(julien, helene, notify=True)
    work()
    Notification.objects.all().delete()


@pytest.fixture
def publish(work):
    def write(author, source="Bonjour", code="organisation", parent=None, **more):
        reach = Reach(code, service=author.service if code == "service" else None, **more)
        post = publishing.publish(author, Draft(source), reach, parent)
        work()
        return post

    return write


def told(reader):
    return [(row.reason, row.post_id) for row in notifications.page(reader).order_by("pk")]


def test_nobody_is_told_who_did_not_ask(helene, julien, follows, publish):
    follows(julien, helene)
    publish(helene)
    assert told(julien) == []


def test_one_is_told_once_of_each_new_post(closely, julien, helene, publish):
    post = publish(helene)
    publishing.edit(helene, post, Draft("Bonsoir"))
    assert told(julien) == [("status", post.pk)]


def test_who_is_named_is_told_that_and_not_both(closely, julien, helene, publish):
    post = publish(helene, "@julien.mercier tu viens ?")
    assert told(julien) == [("mention", post.pk)]


def test_talk_with_others_is_not_told_but_what_goes_on_is(closely, julien, helene, publish):
    asked = publish(julien)
    bruno = arrivals.invite("Bruno Tessier").actor
    first = publish(helene)
    publish(helene, parent=publish(bruno, parent=asked))
    second = publish(helene, parent=first)
    assert [each for each in told(julien) if each[0] == "status"] == [("status", first.pk), ("status", second.pk)]


def test_what_one_may_not_read_is_not_told(closely, julien, helene, publish, aubin):
    bruno = arrivals.invite("Bruno Tessier").actor
    publish(helene, "@bruno.tessier viens", "named", named=(bruno,))
    assert told(julien) == [] and Notification.objects.filter(reader=julien).count() == 0


def test_who_may_read_among_followers_is_what_the_reading_door_says(
    closely, julien, helene, publish, aubin, vernay, settings
):
    settings.PUBLIC_POSTS = True
    near = arrivals.invite("Zoé Blin", service=aubin.green).actor
    following.ask(near, helene)
    helene.service = aubin.green.actor
    helene.save()
    far = arrivals.invite("Bruno Tessier").actor
    following.ask(far, helene)
    crowd = [julien, near, far]
    for code in audience.AUDIENCES:
        post = publish(helene, "@bruno.tessier", code, houses=(vernay.peer,) if code == "chosen_partners" else ())
        may = [each for each in crowd if posts.readable_by(each).filter(pk=post.pk).exists()]
        assert readers.among_followers(post, crowd) == may, code


def test_who_shared_is_told_of_an_edit(julien, helene, publish, work):
    post = publish(helene)
    reactions.boost(julien, post)
    work()
    publishing.edit(helene, post, Draft("Bonsoir"))
    work()
    assert told(julien) == [("update", post.pk)]


def test_a_mute_without_notifications_leaves_them(closely, julien, helene, publish):
    following.mute(julien, helene, notifications=False)
    publish(helene)
    assert len(told(julien)) == 1
    following.mute(julien, helene)
    publish(helene)
    assert len(told(julien)) == 1


def test_nobody_dismisses_or_reads_what_anothers_are(closely, julien, helene, publish):
    publish(helene)
    row = Notification.objects.get(reader=julien)
    notifications.dismiss(helene, [row.pk])
    notifications.clear(helene)
    with pytest.raises(NotHere):
        notifications.one(helene, row.pk)
    assert notifications.one(julien, row.pk) == row


def test_one_dismisses_one_clears_all_and_marks_up_to_one(closely, julien, helene, publish):
    for _number in range(3):
        publish(helene)
    first, second, third = Notification.objects.filter(reader=julien).order_by("pk")
    notifications.seen(julien, until=second.pk)
    assert notifications.new_count(julien) == 1
    notifications.dismiss(julien, [first.pk])
    assert set(notifications.page(julien)) == {second, third}
    notifications.clear(julien)
    assert not notifications.page(julien).exists()
