"""The home timeline: what a page costs at ten thousand, a hundred thousand and a million posts."""

import argparse
import statistics

from benchmarks import ceiling, houses, table
from benchmarks.ceiling import postmaster
from benchmarks.houses import House, Production
from benchmarks.processes import Meter

READER, FOLLOWS = "Agent 1", 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--calls", type=int, default=60)
    for form in ("embedded", "production"):
        parser.add_argument(f"--{form}", dest="forms", action="append_const", const=form)
    options = parser.parse_args()
    for form in options.forms or ("embedded", "production"):
        with houses.founded(form) as house:
            lines = run(house, options.sizes, options.calls)
            tell(house, lines)


def run(house: House, sizes: list[int], calls: int) -> list[tuple[str, ...]]:
    house.sh(f"from benchmarks import stored, reading\nstored.writers()\nstored.follow({READER!r}, {FOLLOWS})")
    lines, there = [], 0
    for size in sorted(sizes):
        house.sh(f"stored.posts({size - there}, {there})")
        there = size
        for name, deep in (("newest page", 0), ("tenth page", 9)):
            lines.append((f"{size:,}", name, *measured(house, calls, deep)))
    if house.form == "embedded":
        house.sh("stored.analyse()")
        lines.append((f"{there:,}", "newest page, after ANALYZE", *measured(house, calls, 0)))
    return lines


def measured(house: House, calls: int, deep: int) -> list[str]:
    house.ask(f"reading.pages({READER!r}, 3, {deep})")  # the caches of the database are warm, as in a house in use
    meter = Meter(roots(house))
    found = house.ask(f"reading.pages({READER!r}, {calls}, {deep})")
    database = sum(meter.used().values()) / calls
    times = sorted(found["ms"])
    middle, late = statistics.median(times), times[int(0.95 * len(times))]
    cpu = f"{found['cpu_ms'] + database:.1f} ({found['cpu_ms']:.1f} + {database:.1f})"
    return [f"{middle:.1f}", f"{late:.1f}", cpu, f"{found['queries']:.0f}", str(found["posts"])]


def roots(house: House) -> dict[str, int]:
    """PostgreSQL; the embedded database works in the process that asks it."""
    return {"PostgreSQL": postmaster(house.looks)} if isinstance(house, Production) else {}


def tell(house: House, lines: list[tuple[str, ...]]) -> None:
    production = house.form == "production"
    top = ceiling.measure(house.database if production else str(house.folder))
    engine = "PostgreSQL" if production else "SQLite"
    table.title(f"Home timeline on {engine}, a reader who follows {FOLLOWS}", *[house.database] * production)
    cpu = "CPU ms (Python + database)" if production else "CPU ms (database included)"
    table.rows(("posts stored", "", "median ms", "95 % within ms", cpu, "queries", "posts shown"), lines)
    table.rows(("the machine in the same run", ""), top.lines())


if __name__ == "__main__":
    main()
