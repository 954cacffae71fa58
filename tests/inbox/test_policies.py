"""From whom one is told things at once, apart, or not at all."""

from datetime import timedelta

import pytest
import time_machine
from django.utils.timezone import now

from federation.errors import NotHere
from inbox import notifications, policies, set_apart
from inbox.models import Notification, NotificationPermission
from outbox import publishing
from outbox.audience import Reach
from outbox.publishing import Draft


@pytest.fixture
def named(julien, helene, work):
    """Hélène names Julien, to their organisation or to him alone."""

    def write(code="organisation", parent=None):
        named = (julien,) if code == "named" else ()
        post = publishing.publish(helene, Draft("@julien.mercier"), Reach(code, named=named), parent)
        work()
        return post

    return write


def counts(reader):
    return notifications.page(reader).count(), notifications.page(reader, filtered=True).count()


def test_what_is_no_choice_changes_nothing(julien):
    policies.choose(julien, {"for_not_following": "perhaps", "for_ever": "drop"})
    assert policies.of(julien).for_not_following == "accept"


@pytest.mark.parametrize("facet", ["for_not_following", "for_not_followers", "for_new_accounts"])
def test_what_is_dropped_is_never_told_and_what_is_filtered_waits(julien, named, facet):
    policies.choose(julien, {facet: "drop"})
    named()
    assert counts(julien) == (0, 0)
    policies.choose(julien, {facet: "filter"})
    named()
    assert counts(julien) == (0, 1) and notifications.new_count(julien) == 0


def test_those_whom_one_knows_are_told_at_once(julien, helene, follows, named):
    policies.choose(julien, dict.fromkeys(policies.FACETS, "drop"))
    with time_machine.travel(now() + timedelta(days=40)):
        named()
        assert counts(julien) == (0, 0)
        follows(julien, helene)
        follow = follows(helene, julien)
        named()
        assert counts(julien) == (0, 0)  # she has followed for no time
        follow.state_since -= timedelta(days=4)
        follow.save()
        named()
        assert counts(julien) == (1, 0)


def test_a_private_word_that_nobody_asked_for_waits_and_an_answer_does_not(julien, helene, named):
    policies.choose(julien, {"for_private_mentions": "filter"})
    named()
    assert counts(julien) == (1, 0)
    named("named")
    assert counts(julien) == (1, 1)
    asked = publishing.publish(julien, Draft("@helene.vasseur ?"), Reach("named", named=(helene,)))
    named("named", asked)
    assert counts(julien) == (2, 1)


def test_what_waits_is_accepted_by_person_and_from_then_on_nothing_does(julien, helene, named):
    policies.choose(julien, {"for_not_following": "filter"})
    named(), named()
    (waiting,) = set_apart.requests(julien)
    assert waiting == helene and waiting.last == Notification.objects.latest("pk").pk
    set_apart.accept(julien, helene)
    named()
    assert counts(julien) == (3, 0) and not set_apart.requests(julien).exists()
    assert NotificationPermission.objects.count() == 1


def test_what_is_dismissed_goes_and_nobody_elses_is_asked_for(julien, helene, named):
    policies.choose(julien, {"for_not_following": "filter"})
    named()
    with pytest.raises(NotHere):
        set_apart.request(helene, helene.pk)
    set_apart.dismiss(julien, set_apart.request(julien, helene.pk))
    assert counts(julien) == (0, 0)
    with pytest.raises(NotHere):
        set_apart.request(julien, helene.pk)


def test_many_are_judged_in_as_few_questions(julien, helene, lucie, named, django_assert_num_queries):
    policies.choose(julien, {"for_not_following": "filter"})
    news = [Notification(reader=julien, actor=actor, reason="like") for actor in (helene, lucie) * 20]
    with django_assert_num_queries(3):
        assert [each.filtered for each in policies.sorted_out(news)] == [True] * 40
