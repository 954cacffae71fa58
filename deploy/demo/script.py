"""What is said in the demonstration, by whom and when, as the files of `content/threads/` tell it."""

import re
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localtime

from deploy.demo import cast
from deploy.demo.cast import Person
from deploy.demo.towns import KEYS

UNITS = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "j": timedelta(days=1)}


@dataclass(frozen=True)
class Line:
    """One post. `answers` is the key of the line that it replies to; `told` holds the rest, as it is written."""

    key: str
    by: Person
    at: datetime
    text: str
    answers: str = ""
    audience: str = ""
    useful: int = 0
    told: dict[str, Any] = field(default_factory=dict, compare=False)


def lines(people: dict[str, Person], begun: datetime) -> list[Line]:
    """Every line whose author is there, and that answers one which is there too; dated back from `begun`."""
    found: list[Line] = []
    for town in KEYS:
        for told in tomllib.loads((cast.CONTENT / "threads" / f"{town}.toml").read_text())["thread"]:
            if told["by"] in people:
                first = opening(told, people, begun)
                found += [first, *replies(first, people, begun)]
    return sorted(found, key=lambda line: line.at)


def opening(told: dict[str, Any], people: dict[str, Person], begun: datetime) -> Line:
    at, author = moment(told["at"], begun), people[told["by"]]
    return Line(
        told["key"], author, at, told["text"].strip(), "", told["audience"], share(told.get("useful", 0), people), told
    )


def replies(first: Line, people: dict[str, Person], begun: datetime) -> list[Line]:
    """A reply answers the first line, or the last that was said by the person it names."""
    said = {first.by.name: first.key}
    found = []
    for number, (name, after, text, *answered) in enumerate(first.told.get("replies", []), 1):
        answers = said.get(answered[0]) if answered else first.key
        if name in people and answers:
            last = begun - timedelta(seconds=60 - number)
            at = min(first.at + delay(after), last)
            useful = share(number * 7 % 5, people)
            said[name] = f"{first.key}.{number}"
            found.append(Line(said[name], people[name], at, text.strip(), answers, first.audience, useful, first.told))
    return found


def share(useful: int, people: dict[str, Person]) -> int:
    """The files count for full houses; smaller ones find fewer things useful."""
    return useful * len(people) // (cast.MOST * len(KEYS))


def moment(told: str, begun: datetime) -> datetime:
    """`2 h` before, or `3 j 16:45`: three days before, at that time of day."""
    if match := re.fullmatch(r"(\d+) j (\d+):(\d+)", told):
        days, hour, minute = map(int, match.groups())
        day = localtime(begun) - timedelta(days=days)
        return day.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return begun - delay(told)


def delay(told: str) -> timedelta:
    """`35 min`, `2 h` or `1 j`."""
    number, unit = told.split()
    return int(number) * UNITS[unit]
