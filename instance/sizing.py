"""How large a machine an instance needs: agents × posts × peers, times what each was measured to cost."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

MEASURED = Path(__file__).with_name("sizing.json")  # written by `python -m benchmarks.cost`
# What was not measured, and is a guess that an admin may replace by what she knows.
REACH = 0.4  # of what a house writes, to a given partner: a third to all of them (benchmarks/letters.py), and followers
PAGES = 40  # that an agent reads a day, among those who come
PEAK = 5  # times the mean: a fifth of the day in one hour
BUSY = 0.5  # of the processors at that hour: beyond, people wait
TLS = 5_500  # bytes of a new connection, with a usual chain of certificates, and of headers of TCP
PAGE = 60_000  # bytes of a page, with its pictures
PHOTOS, PHOTO = 0.25, 450_000  # a post has, and bytes that are kept of one
SLACK = 1.5  # what PostgreSQL holds between two vacuums, and its journal
SYSTEM = 700  # megabytes of Debian, nginx and what PostgreSQL keeps at hand
STREAMING = 67  # megabytes, with a thousand on the line (docs/performance.md)
SMALL = 60  # agents that SQLite serves well


@dataclass(frozen=True)
class House:
    """`posts` and `arrivals` a day; without arrivals, each peer is taken to write as much as the house does."""

    agents: int
    posts: float
    peers: int
    arrivals: float | None = None
    pages: float = PAGES
    reach: float = REACH

    @property
    def letters(self) -> float:
        return self.posts * self.peers * self.reach

    @property
    def arriving(self) -> float:
        return self.letters if self.arrivals is None else self.arrivals


@dataclass(frozen=True)
class Need:
    """A day's CPU in seconds, processors at the peak; gigabytes a year of database and of photos; a day's megabytes of
    network; megabytes of memory, beside the system's own."""

    form: str
    cpu: float
    cores: float
    database: float
    photos: float
    outgoing: float
    incoming: float
    memory: float

    @property
    def processors(self) -> int:
        return max(1 if self.form == "embedded" else 2, ceil(self.cores))


@cache
def measured() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(MEASURED.read_text())
    return found


def need(house: House) -> Need:
    """As though each letter left over a connection of its own: less is cheaper."""
    form = "embedded" if house.agents <= SMALL else "production"
    cost = measured()[form]
    letters, read = house.letters, house.agents * house.pages
    cpu = (letters * cost["post_new"] + house.arriving * cost["arrival"] + read * cost["page"]) / 1000
    kept = letters * cost["own_bytes"] / cost["peers"] + house.arriving * cost["arrival_kept"]
    photos = (house.posts + house.arriving) * PHOTOS * PHOTO
    outgoing = letters * (cost["letter_bytes"] + TLS) + read * PAGE
    incoming = house.arriving * (cost["arrival_bytes"] + TLS + PHOTOS * PHOTO)
    memory = sum(cost["memory"].values()) + (STREAMING if form == "production" else 0)
    return Need(
        form=form, cpu=cpu, cores=cpu * PEAK / 86_400 / BUSY, database=365 * kept * SLACK / 1e9,
        photos=365 * photos / 1e9, outgoing=outgoing / 1e6, incoming=incoming / 1e6, memory=memory,
    )  # fmt: skip


def together(houses: Iterable[tuple[int, House]]) -> Need:
    """So many of each, instances of their own on one host or several."""
    needs = [(many, need(house)) for many, house in houses]
    names = [each.name for each in fields(Need) if each.name != "form"]
    return Need("several", **{name: sum(many * getattr(each, name) for many, each in needs) for name in names})
