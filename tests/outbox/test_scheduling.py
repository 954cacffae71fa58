"""Posts that leave later: kept for their author alone, checked again when they are due, published once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.timezone import now

from actors.models import Actor
from federation.errors import Forbidden, NotHere
from outbox import media, posts, publishing, scheduling
from outbox.audience import Reach
from outbox.models import Asked, Post, Scheduled
from outbox.once import once
from outbox.publishing import Draft
from outbox.wishes import Wish
from tests.outbox.test_media import picture

pytestmark = pytest.mark.django_db
ORGANISATION = Reach("organisation")


def wish(source="Demain, marché", reach=ORGANISATION, parent=None, **more):
    return Wish(Draft(source, **more), reach, parent)


def in_an_hour():
    return now() + timedelta(hours=1)


@pytest.fixture
def due(time_machine):
    """Let the hour pass and the work be done."""

    def pass_by(work):
        time_machine.move_to(now() + timedelta(hours=1, seconds=1), tick=True)
        work()

    return pass_by


@pytest.mark.parametrize("ahead", [-60, 0, 4 * 60 + 50])
def test_nothing_is_scheduled_for_so_soon(julien, ahead):
    with pytest.raises(Forbidden, match="cinq minutes"):
        scheduling.schedule(julien, wish(), now() + timedelta(seconds=ahead))
    assert not Scheduled.objects.exists()


def test_nothing_is_scheduled_for_a_year_that_nobody_means(julien):
    with pytest.raises(Forbidden, match="n’est pas une date"):
        scheduling.schedule(julien, wish(), datetime(9999, 12, 31, 23, 59, tzinfo=UTC))
    assert not Scheduled.objects.exists()


@pytest.mark.parametrize(
    ("wished", "sentence"),
    [
        (wish(" "), "Écrivez quelque chose"),
        (wish("x" * 5_001), "limite"),
        (wish(reach=Reach("public")), "tout internet"),
        (wish(reach=Reach("chosen_partners")), "au moins une collectivité"),
        (wish(reach=Reach("nowhere")), "n’existe pas"),
    ],
)
def test_what_cannot_be_published_cannot_be_scheduled_either(settings, julien, wished, sentence):
    settings.PUBLIC_POSTS = False
    with pytest.raises(Forbidden, match=sentence):
        scheduling.schedule(julien, wished, in_an_hour())


def test_one_schedules_no_more_than_so_many(julien, helene, monkeypatch):
    monkeypatch.setattr(scheduling, "MOST", 2)
    for _ in range(2):
        scheduling.schedule(julien, wish(), in_an_hour())
    with pytest.raises(Forbidden, match="déjà 2 publications"):
        scheduling.schedule(julien, wish(), in_an_hour())
    scheduling.schedule(helene, wish(), in_an_hour())


def test_nobody_finds_changes_or_cancels_what_another_scheduled(julien, helene):
    row = scheduling.schedule(julien, wish(), in_an_hour())
    for deed in (
        lambda: scheduling.find(helene, row.pk),
        lambda: scheduling.change(helene, row.pk, in_an_hour()),
        lambda: scheduling.cancel(helene, row.pk),
    ):
        with pytest.raises(NotHere):
            deed()
    assert not scheduling.own(helene).exists() and scheduling.find(julien, row.pk).due_at == row.due_at


def test_it_is_published_when_it_is_due_and_not_before(julien, helene, work, due):
    row = scheduling.schedule(julien, wish("Demain, marché de #printemps"), in_an_hour())
    work()
    assert not Post.objects.exists()
    due(work)
    (post,) = posts.readable_by(helene)
    assert post.source == "Demain, marché de #printemps" and post.hashtags.get().name == "printemps"
    assert abs(post.published_at - row.due_at) < timedelta(minutes=1)
    assert not Scheduled.objects.exists()
    work()
    assert Post.objects.count() == 1


def test_it_is_published_with_all_that_was_asked_for(julien, helene, lucie, work, due):
    image = media.take_image(julien, "a.png", picture(), "Un rosier")
    draft = Draft("Voici", "article", "Le titre", "en", (image,))
    scheduling.schedule(julien, Wish(draft, Reach("named", named=(helene, lucie))), in_an_hour())
    due(work)
    post = Post.objects.get()
    assert (post.kind, post.title, post.language, post.audience) == ("article", "Le titre", "en", "named")
    assert set(post.named.all()) == {helene, lucie} and list(post.attachments.all()) == [image]


def test_a_reply_reaches_those_whom_it_may_reach_on_the_day(julien, helene, work, due):
    parent = publishing.publish(helene, Draft("Qui vient ?"), ORGANISATION)
    scheduling.schedule(julien, wish("Moi", Reach("partners"), parent), in_an_hour())
    due(work)
    answer = Post.objects.get(author=julien)
    assert answer.in_reply_to == parent and answer.audience == "organisation"


@pytest.mark.parametrize("source", ["Moi", "Moi, @helene.vasseur"])
def test_a_reply_to_what_was_withdrawn_is_refused_and_its_author_sees_why(julien, helene, work, due, source):
    parent = publishing.publish(helene, Draft("Qui vient ?"), ORGANISATION)
    row = scheduling.schedule(julien, wish(source, parent=parent), in_an_hour())
    publishing.withdraw(helene, parent)
    due(work)
    assert not Post.objects.filter(author=julien).exists()
    assert scheduling.find(julien, row.pk).reason == "La publication à laquelle vous répondiez n’est plus là."


def test_what_the_rules_forbid_on_the_day_is_kept_with_the_reason_and_tried_again_when_moved(julien, aubin, work, due):
    row = scheduling.schedule(julien, wish(reach=Reach("service", service=aubin.green.actor)), in_an_hour())
    Actor.objects.filter(pk=julien.pk).update(service=None)
    due(work)
    assert not Post.objects.exists() and "pas de service" in scheduling.find(julien, row.pk).reason
    Actor.objects.filter(pk=julien.pk).update(service=aubin.green.actor)
    assert scheduling.change(julien, row.pk, in_an_hour()).reason == ""
    due(work)
    assert Post.objects.get().service == aubin.green.actor


def test_whoever_was_suspended_publishes_nothing(julien, work, due):
    row = scheduling.schedule(julien, wish(), in_an_hour())
    Actor.objects.filter(pk=julien.pk).update(suspended_at=now())
    due(work)
    assert not Post.objects.exists() and "ne peut pas publier" in scheduling.find(julien, row.pk).reason


def test_a_partner_that_is_one_no_more_is_no_reader(julien, vernay, work, due):
    row = scheduling.schedule(julien, wish(reach=Reach("chosen_partners", houses=(vernay.peer,))), in_an_hour())
    vernay.peer.step("suspended")
    due(work)
    assert not Post.objects.exists() and "au moins une collectivité" in scheduling.find(julien, row.pk).reason


def test_an_attachment_that_went_is_a_reason_not_to_publish(julien, work, due):
    image = media.take_image(julien, "a.png", picture())
    row = scheduling.schedule(julien, wish(attachments=(image,)), in_an_hour())
    assert not media.pending(julien, [image.ulid]), "it is promised"
    publishing.publish(julien, Draft("Avant", attachments=(image,)), ORGANISATION)
    due(work)
    assert scheduling.find(julien, row.pk).reason == "Une pièce jointe n’est plus là."


def test_what_is_cancelled_is_not_published_and_gives_back_its_attachments(julien, work, due):
    image = media.take_image(julien, "a.png", picture())
    row = scheduling.schedule(julien, wish(attachments=(image,)), in_an_hour())
    scheduling.cancel(julien, row.pk)
    due(work)
    assert not Post.objects.exists() and media.pending(julien, [image.ulid]) == [image]


def test_what_is_moved_waits_for_its_new_moment(julien, work, due):
    row = scheduling.schedule(julien, wish(), in_an_hour())
    scheduling.change(julien, row.pk, now() + timedelta(hours=3))
    due(work)
    assert not Post.objects.exists()
    with pytest.raises(Forbidden, match="cinq minutes"):
        scheduling.change(julien, row.pk, now())


@pytest.mark.parametrize("fault", [{"named": "?"}, {"draft": "?"}])
def test_a_fault_of_ours_with_one_does_not_hold_up_the_others(julien, helene, work, due, fault):
    row = scheduling.schedule(julien, wish("Fautive"), in_an_hour())
    Scheduled.objects.filter(pk=row.pk).update(wish=row.wish | fault)
    scheduling.schedule(helene, wish("Juste"), in_an_hour())
    due(work)
    assert [post.source for post in Post.objects.all()] == ["Juste"]
    row.refresh_from_db()
    assert row.reason == "" and row.due_at > now()


def test_the_key_of_a_scheduled_post_is_that_of_the_post_which_it_becomes(julien, work, due):
    row = once(julien, "k", lambda: scheduling.schedule(julien, wish(), in_an_hour()))
    assert once(julien, "k", lambda: scheduling.schedule(julien, wish(), in_an_hour())) == row
    due(work)
    assert Asked.objects.get().post == Post.objects.get()
