"""When devices are not rung: nights, week-ends and holidays, across every change of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from inbox import quiet
from inbox.quiet import NEVER, USUAL, Schedule

PARIS = ZoneInfo("Europe/Paris")
SPRING, AUTUMN = datetime(2026, 3, 29, 0, 10, tzinfo=UTC), datetime(2026, 10, 25, 0, 10, tzinfo=UTC)
OVER_THE_CHANGE = Schedule(time(22), time(2, 30), days_off=False)

moments = some.datetimes(datetime(2024, 1, 1), datetime(2037, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001
times = some.times().map(lambda at: at.replace(second=0, microsecond=0))
schedules = some.builds(Schedule, times, times, some.booleans())


def here(year, month, day, hour, minute):
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


@given(moments, schedules)
@example(SPRING, OVER_THE_CHANGE)
@example(AUTUMN, OVER_THE_CHANGE)
@example(SPRING, Schedule(time(2), time(3), days_off=False))
def test_the_next_moment_allowed_is_never_quiet_and_never_earlier(moment, schedule):
    allowed = quiet.next_allowed(moment, schedule)
    assert allowed >= moment
    assert not quiet.is_quiet(allowed, schedule)
    assert quiet.next_allowed(allowed, schedule) == allowed
    assert (allowed == moment) == (not quiet.is_quiet(moment, schedule))


@given(moments, schedules, some.floats(0, 1))
@example(SPRING, OVER_THE_CHANGE, 0.99)
@example(AUTUMN, OVER_THE_CHANGE, 0.99)
def test_nothing_could_have_rung_before_it(moment, schedule, part):
    """Every moment between the two is quiet, and the last one too."""
    allowed = quiet.next_allowed(moment, schedule)
    if allowed > moment:
        assert quiet.is_quiet(moment + part * (allowed - moment) * 0.999, schedule)
        assert quiet.is_quiet(allowed - timedelta(microseconds=1), schedule)


@given(moments, schedules, some.floats(0, 1))
def test_until_silence_begins_there_is_none(moment, schedule, part):
    begins = quiet.next_quiet(moment, schedule)
    assert begins >= moment
    if begins > moment:
        assert not quiet.is_quiet(moment + part * (begins - moment) * 0.999, schedule)


@given(moments)
def test_who_wants_no_quiet_hours_has_none(moment):
    assert quiet.next_allowed(moment, NEVER) == moment
    assert quiet.next_quiet(moment, NEVER) > moment + timedelta(days=14)


@given(moments, moments, schedules)
def test_what_came_first_is_never_held_back_longer(one, other, schedule):
    first, second = sorted((one, other))
    assert quiet.next_allowed(first, schedule) <= quiet.next_allowed(second, schedule)


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        (here(2026, 11, 25, 19, 59), here(2026, 11, 25, 19, 59)),
        (here(2026, 11, 25, 20, 0), here(2026, 11, 26, 7, 30)),
        (here(2026, 11, 26, 7, 29), here(2026, 11, 26, 7, 30)),
        (here(2026, 11, 27, 20, 30), here(2026, 11, 30, 7, 30)),  # a Friday evening
        (here(2026, 11, 29, 12, 0), here(2026, 11, 30, 7, 30)),  # a Sunday
        (here(2026, 12, 24, 21, 0), here(2026, 12, 28, 7, 30)),  # Christmas is a Friday
        (here(2026, 7, 14, 10, 0), here(2026, 7, 15, 7, 30)),
        (here(2026, 4, 6, 10, 0), here(2026, 4, 7, 7, 30)),  # Easter Monday
        (here(2026, 3, 28, 10, 0), here(2026, 3, 30, 7, 30)),  # 46 hours and a half, less the one that is skipped
    ],
)
def test_nights_and_week_ends_are_quiet_unless_said_otherwise(moment, allowed):
    assert quiet.next_allowed(moment, USUAL) == allowed
    assert quiet.next_allowed(moment.astimezone(UTC), USUAL) == allowed


def test_a_week_end_across_the_change_of_the_clock_lasts_an_hour_less_or_more():
    saturday = here(2026, 3, 28, 0, 0).astimezone(UTC)
    assert quiet.next_allowed(saturday, USUAL) - saturday == timedelta(hours=54.5)
    saturday = here(2026, 10, 24, 0, 0).astimezone(UTC)
    assert quiet.next_allowed(saturday, USUAL) - saturday == timedelta(hours=56.5)


def test_who_rests_until_a_time_that_the_clock_skips_is_rung_when_it_has():
    """On 29 March 2026, three o'clock comes right after 01:59."""
    allowed = quiet.next_allowed(SPRING, OVER_THE_CHANGE)
    assert allowed.astimezone(PARIS).replace(tzinfo=None) == datetime(2026, 3, 29, 3, 0)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("year", "day"), [(2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)), (2027, (3, 28)), (2038, (4, 25))]
)
def test_easter_is_when_it_is(year, day):
    assert quiet.easter(year) == date(year, *day)


@pytest.mark.parametrize("kept", [None, {}, {"from": 20}, {"from": "25:00", "until": "x"}, {"until": None}])
def test_what_cannot_be_read_is_as_usual(kept):
    assert quiet.read(kept) == USUAL


@given(schedules)
def test_what_is_kept_reads_back(schedule):
    assert quiet.read(schedule.as_json()) == schedule
