"""A receipt outlasts every honest repetition of its letter, and goes; so does what one was told long ago."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils.timezone import now

from federation import night
from federation.models import PATIENCE
from inbox import moderation
from inbox.models import Notification, Receipt, Report
from outbox import publishing, reactions
from outbox.audience import Reach
from outbox.models import Post
from outbox.publishing import Draft
from tests.ages import MOMENT, aged, clear_all, kept

pytestmark = pytest.mark.django_db
NIGHTS = timedelta(days=7)  # of backups, from which a house that repeats itself was restored


@pytest.mark.parametrize("state", ["handled", "ignored", "failed"])
def test_a_receipt_goes_once_its_letter_will_not_come_again(vernay, lucie, julien, arrives, state):
    for _ in range(2):
        arrives(vernay, vernay.create(vernay.lucie, [julien.uri]))
    first, second = Receipt.objects.order_by("pk")
    Receipt.objects.update(state=state)
    aged(Receipt.objects.filter(pk=first.pk), "state_since", kept("letters") + MOMENT)
    aged(Receipt.objects.filter(pk=second.pk), "state_since", kept("letters") - MOMENT)
    assert clear_all() == {"receipts": 1}
    assert Receipt.objects.get() == second and Post.objects.count() == 2


def test_what_waits_is_never_forgotten(vernay, lucie, julien, client):
    vernay.post(client, vernay.create(vernay.lucie, [julien.uri]))
    aged(Receipt.objects.all(), "state_since", 9 * kept("traces"))
    assert clear_all() == {} and Receipt.objects.get().state == "waiting"


def test_letters_are_kept_for_longer_than_a_signature_holds_a_letter_waits_and_backups_last():
    assert settings.KEEP["letters"] > max(settings.SIGNATURE_WINDOW, PATIENCE, NIGHTS) * 2
    assert settings.KEEP["traces"] > settings.KEEP["letters"]


def test_the_same_letter_again_is_refused_by_its_date_when_its_receipt_is_gone(
    vernay, lucie, julien, client, arrives, work, time_machine
):
    """As somebody would repeat it who wrote it down on its way: he cannot sign it anew."""
    letter = vernay.create(vernay.lucie, [julien.uri])
    body = json.dumps(letter).encode()
    written = vernay.sign("POST", "/ap/inbox", body, vernay.lucie, settings.HOST)
    vernay.sign = lambda *_, **__: dict(written)
    assert arrives(vernay, letter) == "handled"
    assert vernay.post(client, letter).status_code == 202, "at once, its receipt knows it"
    work()
    Post.objects.all().delete()
    time_machine.move_to(now() + kept("letters") + MOMENT, tick=True)
    assert "receipts" in clear_all() and not Receipt.objects.exists()
    assert vernay.post(client, letter).status_code == 401
    work()
    assert not Post.objects.exists()


def test_a_house_that_repeats_an_old_letter_signed_anew_changes_nothing(vernay, lucie, julien, arrives):
    """It was restored from a backup older than any that is kept: each thing of this letter is there already."""
    letter = vernay.create(vernay.lucie, [julien.uri], tag=[{"type": "Mention", "href": julien.uri}])
    arrives(vernay, letter)
    told = list(Notification.objects.values())
    aged(Receipt.objects.all(), "state_since", kept("letters") + MOMENT)
    assert clear_all() == {"receipts": 1}
    assert arrives(vernay, letter) == "handled"
    assert Post.objects.count() == 1 and list(Notification.objects.values()) == told


def test_what_one_was_told_goes_after_a_year_and_its_list_goes_on(julien, helene, api, work):
    made = [publishing.publish(julien, Draft(word), Reach("organisation")) for word in ("Un", "Deux", "Trois")]
    for post in made:
        reactions.like(helene, post)
        work()
    old, middle, new = Notification.objects.filter(reader=julien).order_by("pk")
    aged(Notification.objects.filter(pk=old.pk), "created_at", kept("notifications") + MOMENT)
    aged(Notification.objects.filter(pk=middle.pk), "created_at", kept("notifications") - MOMENT)
    assert clear_all() == {"notifications": 1}
    reader = api(julien)
    assert [each["id"] for each in reader.get("/api/v1/notifications").json()] == [str(new.pk), str(middle.pk)]
    assert reader.get(f"/api/v1/notifications?max_id={old.pk}").json() == []
    assert [each["id"] for each in reader.get(f"/api/v1/notifications?min_id={old.pk}").json()] == [
        str(new.pk),
        str(middle.pk),
    ]


def test_a_report_goes_a_year_later_once_somebody_has_seen_to_it(julien, helene, work):
    for words in ("vieux et traité", "vieux et à traiter", "récent et traité"):
        moderation.report(helene, julien, [], words)
    work()
    aged(Report.objects.all(), "created_at", kept("reports") + MOMENT)
    aged(Report.objects.filter(words__startswith="récent"), "created_at", kept("reports") - MOMENT)
    Report.objects.filter(words__endswith=" traité").exclude(words__contains="à").update(handled=True)
    assert night.clear("reports") == 1
    assert set(Report.objects.values_list("words", flat=True)) == {"vieux et à traiter", "récent et traité"}
