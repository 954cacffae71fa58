"""What a night erases of a bucket: uploads that nobody published, and files that no row names; of ours only."""

from datetime import timedelta

import pytest
from django.core.management import CommandError
from django.utils.timezone import now

from federation import night
from instance import keep, orphans
from instance.models import Unerased
from outbox import leftovers, media
from outbox.models import Attachment
from tests.ages import MOMENT, aged
from tests.instance.test_night import data, preau_night  # noqa: F401  a fixture
from tests.outbox.test_media import picture

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def names(bucket):
    return sorted(name for name, _ in bucket.listed())


def files_of(row):
    return [str(row.file.name), str(row.thumbnail.name)]


def test_an_upload_that_nobody_published_goes_from_the_bucket(julien, shared, django_capture_on_commit_callbacks):
    for _ in range(2):
        media.take_image(julien, "a.png", picture())
    old = Attachment.objects.order_by("pk").first()
    aged(Attachment.objects.filter(pk=old.pk), "state_since", leftovers.UPLOADS + MOMENT)
    with django_capture_on_commit_callbacks(execute=True):
        assert night.clear("uploads") == 1
    left = Attachment.objects.get()
    assert names(shared) == sorted(files_of(left))


def test_what_no_row_names_goes_once_it_is_old_and_what_is_not_ours_stays(julien, shared, time_machine):
    photo = media.take_image(julien, "a.png", picture())
    left, beside = ("files/z.webp", "raw/01A"), ("avant-20261126T000000Z/files/z.webp", "filesystem/z", "z")
    for name in (*left, *beside):
        shared.put(name, b"x")
    assert preau_night("--dry-run") == preau_night() == []
    time_machine.move_to(now() + keep.WITHOUT_A_ROW + timedelta(seconds=-30), tick=True)
    assert preau_night("--dry-run") == []
    time_machine.move_to(now() + timedelta(minutes=1), tick=True)
    looked = orphans.look()
    assert (looked.count, sorted(looked.orphans)) == (4, sorted(left))
    assert orphans.erase(looked.orphans) == 2
    assert names(shared) == sorted([*files_of(photo), *beside])


def test_a_bucket_that_is_away_is_said_and_loses_nothing(julien, shared, away):
    media_before = Unerased.objects.count()
    with pytest.raises(CommandError, match="preau doctor --only stockage"):
        preau_night()
    assert Unerased.objects.count() == media_before
