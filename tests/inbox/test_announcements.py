"""What the organisation tells all of its agents."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from actors import arrivals
from federation.errors import Forbidden, NotHere
from inbox import announcements
from inbox.announcements import Words
from inbox.models import Announcement, Marker


@pytest.fixture
def admin(aubin):
    return arrivals.invite("Marc Delaunay", "Informatique", role="admin")


@pytest.mark.parametrize("role", ["agent", "facilitator", "moderator"])
def test_only_admins_announce(aubin, admin, role):
    agent = arrivals.invite("Anne Roux", "", role=role)
    known = announcements.announce(admin, Words("La mairie ferme à midi"))
    for deed in (
        lambda: announcements.announce(agent, Words("Non")),
        lambda: announcements.edit(agent, known.pk, Words("Non")),
        lambda: announcements.remove(agent, known.pk),
    ):
        with pytest.raises(Forbidden):
            deed()
    assert Announcement.objects.get().words == "La mairie ferme à midi"


@pytest.mark.parametrize("said", [Words("  "), Words("x" * 5_001), Words("x", now(), now() - timedelta(hours=1))])
def test_an_announcement_says_something_for_a_time(admin, said):
    with pytest.raises(Forbidden):
        announcements.announce(admin, said)
    assert not Announcement.objects.exists()


def test_it_shows_between_its_beginning_and_its_end(admin, julien):
    hour = timedelta(hours=1)
    for words, begin, end in (("passée", None, -hour), ("présente", -hour, hour), ("à venir", hour, None)):
        announcements.announce(admin, Words(words, begin and now() + begin, end and now() + end))
    assert [each.words for each in announcements.to_read(julien)] == ["présente"]
    assert announcements.everything().count() == 3
    for other in announcements.everything().exclude(words="présente"):
        with pytest.raises(NotHere):
            announcements.dismiss(julien, other.pk)


def test_whole_days_are_whole(admin, julien, time_machine):
    time_machine.move_to("2026-03-02T20:00:00+01:00", tick=False)
    announcements.announce(admin, Words("Aujourd’hui", now() + timedelta(hours=1), now(), True))
    assert [each.words for each in announcements.to_read(julien)] == ["Aujourd’hui"]
    time_machine.move_to("2026-03-03T00:00:00+01:00", tick=False)
    assert not announcements.to_read(julien)


def test_put_away_by_one_it_still_shows_to_the_others(admin, julien, helene):
    old, new = (announcements.announce(admin, Words(words)) for words in ("ancienne", "nouvelle"))
    announcements.dismiss(julien, new.pk)
    announcements.dismiss(julien, old.pk)
    assert list(announcements.to_read(julien)) == [] and len(announcements.to_read(helene)) == 2
    later = announcements.announce(admin, Words("suite"))
    assert list(announcements.to_read(julien)) == [later]
    assert Marker.objects.get().last_read == new.pk


def test_edited_and_removed(admin, julien):
    known = announcements.announce(admin, Words("**Grand** froid"))
    assert "<strong>Grand</strong>" in announcements.html(known) and known.edited_at is None
    assert announcements.edit(admin, known.pk, Words("Gel")).edited_at
    announcements.remove(admin, known.pk)
    with pytest.raises(NotHere):
        announcements.find(known.pk)
