"""How far one has read, and never when."""

from datetime import UTC, datetime

from inbox import markers
from inbox.models import Marker
from tests.inbox.said import say


def test_no_date_is_kept_of_it():
    names = [field.name for field in Marker._meta.get_fields()]
    assert names == ["id", "reader", "timeline", "last_read", "version"]


def test_ones_markers_are_nobody_else_s(julien, helene):
    markers.move(julien, {"home": 5})
    assert markers.of(helene, markers.TIMELINES) == {}


def test_each_change_counts_forward_and_back(julien):
    found = [markers.move(julien, {"home": place}) for place in (5, 9, 7)][-1]
    assert (found["home"].last_read, found["home"].version) == (7, 3)
    assert markers.of(julien, ["notifications"]) == {}


def test_its_moment_is_that_of_what_was_read(julien, helene, work, time_machine):
    time_machine.move_to("2026-03-02T08:00:00+00:00", tick=False)
    post = say(helene, "@julien.mercier bonjour")
    work()
    told = julien.notifications.get()
    time_machine.move_to("2026-03-09T08:00:00+00:00", tick=False)
    found = markers.move(julien, {"home": post.number, "notifications": told.pk + 3})
    assert {markers.moment(each) for each in found.values()} == {datetime(2026, 3, 2, 8, tzinfo=UTC)}
    nothing = markers.move(helene, {"notifications": 5, "home": markers.LARGEST})
    assert markers.moment(nothing["notifications"]).year == 1970
    assert markers.moment(nothing["home"]).year > 2026
