"""Many small towns on one host, each an instance of its own in one process: what they take together at rest."""

import argparse
import statistics
import time
from contextlib import ExitStack, suppress
from pathlib import Path

from benchmarks import runtime, table
from benchmarks.houses import Embedded
from benchmarks.processes import Memory, cpu_seconds, memory
from tests import servers
from tests.towns import TROUBLE

AGENTS = [f"Agent {number}" for number in range(12)]
AT_ONCE = 4  # start so many side by side, as a host that boots does
SETTLES, PATIENCE = 10.0, 180.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--towns", type=int, default=40)
    parser.add_argument("--watch", type=float, default=60.0, help="seconds at rest during which processor time counts")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(servers.scratch())
        towns = [settled(stack, folder, number) for number in range(options.towns)]
        took = start(towns)
        time.sleep(SETTLES)
        pids = [town.process.pid for town in towns if town.process]
        used = cpu_seconds(pids)
        time.sleep(options.watch)
        tell([memory([pid]) for pid in pids], took, (cpu_seconds(pids) - used) / options.watch)


def settled(stack: ExitStack, folder: Path, number: int) -> Embedded:
    """A town of twelve agents."""
    town = Embedded(folder / f"town-{number}")
    stack.callback(town.stop)
    town.setup(f"Ville {number}", f"Ville {number}", f"{210_000_000 + number}", AGENTS)
    town.stop()  # the shell that was asked
    (folder / "runtime").mkdir(exist_ok=True)
    town.env |= {"PREAU_WORK": "thread", **runtime.only(folder / "runtime")}
    return town


def start(towns: list[Embedded]) -> float:
    """Seconds until every one has answered."""
    begun = time.monotonic()
    for number, town in enumerate(towns):
        town.launch()
        if number >= AT_ONCE:
            answered(towns[number - AT_ONCE])
    for town in towns:
        answered(town)
    return time.monotonic() - begun


def answered(town: Embedded) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(*TROUBLE):
            if town.call("GET", "/.well-known/nodeinfo")[0] == 200:
                return
        time.sleep(0.05)
    raise SystemExit(f"{town.host} does not answer; its log is {town.log}")


def tell(found: list[Memory], took: float, busy: float) -> None:
    table.title(f"{len(found)} towns of {len(AGENTS)} agents at rest on one host, one process each, SQLite")
    for name, about in (("pss", "PSS"), ("rss", "RSS"), ("private", "private (USS)")):
        values = [getattr(each, name) for each in found]
        each = f"{statistics.median(values):.1f} ({min(values):.1f} to {max(values):.1f})"
        table.rows((f"MB, {about}: of each", "of all together"), [(each, f"{sum(values):,.0f}")])
    table.rows(("seconds until all had answered", "cores that all take at rest"), [(f"{took:.0f}", f"{busy:.2f}")])


if __name__ == "__main__":
    main()
