"""When devices are not rung: the nights, the week-ends and the public holidays, unless someone decides otherwise.

An organisation has a schedule; an agent follows it, or has her own. Nothing is lost: what waits rings afterwards.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from actors.models import Agent, Organisation

AHEAD = 15  # days that are looked at: no run of closed days is as long
DAY = timedelta(days=1)
FIXED = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
AFTER_EASTER = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday
SATURDAY = 5


@dataclass(frozen=True)
class Schedule:
    """`begins` and `ends` are on the clock of the house, the same when nights are as good as days."""

    begins: time = time(20, 0)
    ends: time = time(7, 30)
    days_off: bool = True  # week-ends and public holidays are quiet from midnight to midnight

    def as_json(self) -> dict[str, Any]:
        return {"from": f"{self.begins:%H:%M}", "until": f"{self.ends:%H:%M}", "days_off": self.days_off}


USUAL = Schedule()
NEVER = Schedule(time(0), time(0), days_off=False)


def read(kept: dict[str, Any] | None) -> Schedule:
    """What is kept with an organisation or an agent; what is missing or cannot be read is as usual."""
    kept = kept or {}
    begins, ends = _time(kept.get("from"), USUAL.begins), _time(kept.get("until"), USUAL.ends)
    return Schedule(begins, ends, kept.get("days_off", USUAL.days_off) is True)


def _time(said: object, otherwise: time) -> time:
    try:
        return time.fromisoformat(said).replace(tzinfo=None) if isinstance(said, str) else otherwise
    except ValueError:
        return otherwise


def of_house() -> Schedule:
    return read(Organisation.objects.filter(host=settings.HOST).values_list("quiet", flat=True).first())


def of(agent: Agent, house: Schedule) -> Schedule:
    """Her own hours, or those of the house that she follows."""
    return house if agent.quiet is None else read(agent.quiet)


def decide(organisation: Organisation, schedule: Schedule) -> None:
    """The hours of all who have not chosen their own."""
    organisation.quiet = schedule.as_json()
    organisation.save(update_fields=["quiet"])


def choose(agent: Agent, schedule: Schedule | None) -> None:
    """An agent's own hours; None: those of the organisation, whatever they become."""
    agent.quiet = schedule.as_json() if schedule else None
    agent.save(update_fields=["quiet"])


def next_allowed(moment: datetime, schedule: Schedule) -> datetime:
    """`moment` itself, or the end of the quiet hours in which it falls."""
    return moment if not is_quiet(moment, schedule) else _next(moment, schedule, lambda at: not is_quiet(at, schedule))


def next_quiet(moment: datetime, schedule: Schedule) -> datetime:
    """`moment` itself when it is quiet, or the beginning of the next quiet hours; far away when there are none."""
    return moment if is_quiet(moment, schedule) else _next(moment, schedule, lambda at: is_quiet(at, schedule))


def is_quiet(moment: datetime, schedule: Schedule) -> bool:
    here = moment.astimezone(_zone())
    if schedule.days_off and is_off(here.date()):
        return True
    at, begins, ends = here.time(), schedule.begins, schedule.ends
    return begins <= at < ends if begins <= ends else at >= begins or at < ends


def is_off(day: date) -> bool:
    """Week-ends, and the public holidays of all of France; those of Alsace-Moselle and overseas are not told apart."""
    if day.weekday() >= SATURDAY or (day.month, day.day) in FIXED:
        return True
    return day - easter(day.year) in {timedelta(days=each) for each in AFTER_EASTER}


def easter(year: int) -> date:
    """Of the Gregorian calendar (Meeus, Jones, Butcher)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    leaps = century - century // 4 - (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + leaps + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    back = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * back + 114, 31)
    return date(year, month, day + 1)


def _next(moment: datetime, schedule: Schedule, wanted: Callable[[datetime], bool]) -> datetime:
    changes = sorted(at for at in _changes(moment, schedule) if at > moment)
    return next((at for at in changes if wanted(at)), moment + AHEAD * DAY)


def _changes(moment: datetime, schedule: Schedule) -> Iterable[datetime]:
    """Every moment at which silence may begin or end: on the clock, twice when it is put back, and whenever it is set
    forward over one, which zones do at a whole hour of UTC."""
    first = moment.astimezone(_zone()).date() - DAY
    for number in range(AHEAD + 2):
        day = first + number * DAY
        for at in (time(0), schedule.begins, schedule.ends):
            for fold in (0, 1):
                yield datetime.combine(day, at.replace(fold=fold), _zone()).astimezone(UTC)
        for hour in range(24):
            yield datetime.combine(day, time(hour), UTC)


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
