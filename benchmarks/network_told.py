"""What was measured of a network, as values and as tables."""

import argparse
import statistics
from dataclasses import dataclass

from benchmarks import ceiling, table
from benchmarks.houses import House


@dataclass(frozen=True)
class Post:
    """A post to all partners: seconds until all healthy ones have it, and until the slow ones; and of one letter."""

    seconds: float
    whole_seconds: float
    cpu_ms: float
    by_process: dict[str, float]
    letter_bytes: float
    new_connections: float


@dataclass(frozen=True)
class Figures:
    """What a form costs: medians, CPU in milliseconds of all processes; `floor` is the machine's in the same run."""

    peers: int
    post_new: float
    post_kept: float
    seconds: float
    whole_seconds: float
    busy_seconds: float
    letter_bytes: float
    own_bytes: float
    own_rows: dict[str, float]
    arrival: float
    arrival_bytes: float
    arrival_kept: float
    answer_ms: float
    late_ms: float
    page: float
    memory: dict[str, float]
    floor: dict[str, float]


def tell(house: House, options: argparse.Namespace, rounds: list[tuple[Post, Post]], found: Figures) -> None:
    production = house.form == "production"
    title = f"A network of {options.peers} houses, {options.down} down and {options.slow} slow, {house.form} form"
    table.title(title, *[house.database] * production)
    lines = []
    for name, which in (("new connections", 0), ("connections that were kept", 1)):
        posts = [each[which] for each in rounds]
        shares = ", ".join(
            f"{part} {statistics.median(each.by_process[part] for each in posts):.2f}" for part in posts[0].by_process
        )
        lines.append((
            name, table.middle([each.seconds for each in posts]), table.middle([each.whole_seconds for each in posts]),
            table.middle([each.cpu_ms for each in posts]), shares,
            f"{statistics.median(each.new_connections for each in posts):.2f}",
        ))  # fmt: skip
    what = ("seconds until all healthy have it", "the slow too", "CPU ms a delivery", "of which", "connections opened")
    table.rows(("a post to all, over", *what), lines)
    table.rows(("a network", ""), whole(options, found))
    top = ceiling.Ceiling(inserts_a_second=0, **found.floor)
    lines_of_top = [each for each in top.lines() if "second, one connection" not in each[0]]
    table.rows(("the machine in the same run", ""), lines_of_top)


def whole(options: argparse.Namespace, found: Figures) -> list[tuple[str, str]]:
    rows = ", ".join(f"{name} {each:.1f}" for name, each in sorted(found.own_rows.items(), key=lambda one: -one[1])[:6])
    kilobytes = (found.letter_bytes / 1e3, found.own_bytes / 1e3, found.arrival_bytes / 1e3, found.arrival_kept / 1e3)
    return [
        ("seconds until all healthy have a post while the others write in", f"{found.busy_seconds:.2f}"),
        ("kB that leave with each delivery, before TLS", f"{kilobytes[0]:.2f}"),
        ("kB that the database keeps of a post to all", f"{kilobytes[1]:.1f}"),
        ("rows of it", rows),
        (f"CPU ms of a post that arrives ({options.rate:g} a second)", f"{found.arrival:.2f}"),
        ("ms until it is accepted: median, 95 %", f"{found.answer_ms:.1f}, {found.late_ms:.1f}"),
        ("kB that come with it, before TLS", f"{kilobytes[2]:.2f}"),
        ("kB that the database keeps of it", f"{kilobytes[3]:.2f}"),
        ("CPU ms of the home page", f"{found.page:.1f}"),
        ("MB PSS", ", ".join(f"{name} {each:.0f}" for name, each in found.memory.items())),
    ]
