"""Memory at rest of the embedded form, and how long it takes to start."""

import argparse
import time
from collections.abc import Sequence
from contextlib import suppress

from benchmarks import houses, runtime, table
from benchmarks.browser import Browser
from benchmarks.houses import Embedded, House
from benchmarks.processes import Memory, cpu_seconds, memory
from tests import servers
from tests.towns import TROUBLE

PAGES = ("/", "/publier/", "/notifications/", "/personnes/", "/voisins/", "/")
SETTLES = 3.0  # seconds after which nothing is allocated any more


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with servers.scratch() as folder, houses.founded("embedded") as house:
        house.env |= runtime.only(folder)
        found = [once(house) for _ in range(options.rounds)]
    table.title("The embedded form at rest")
    names = ("after the start", "after a few pages")
    fresh, used, started = zip(*found, strict=True)
    lines = [(name, *figures(each)) for name, each in zip(names, (fresh, used), strict=True)]
    table.rows(("MB of the process", "PSS", "RSS", "private (USS)"), lines)
    clock, used_by_start = zip(*started, strict=True)
    lines = [("from exec to the first answer", table.middle(clock), table.middle(used_by_start))]
    table.rows(("", "seconds", "of which CPU"), lines)


def figures(found: Sequence[Memory]) -> list[str]:
    return [table.middle([getattr(each, name) for each in found], ".1f") for name in ("pss", "rss", "private")]


def once(house: House) -> tuple[Memory, Memory, tuple[float, float]]:
    assert isinstance(house, Embedded)
    began = time.monotonic()
    house.env["PREAU_WORK"] = "thread"
    house.launch()
    assert house.process
    while not answers(house):
        time.sleep(0.01)
    started = time.monotonic() - began, cpu_seconds([house.process.pid])
    try:
        time.sleep(SETTLES)
        fresh = memory([house.process.pid])
        browser = Browser(house)
        browser.sign_in("Agent 1")
        for page in PAGES:
            browser.get(page)
        time.sleep(SETTLES)
        return fresh, memory([house.process.pid]), started
    finally:
        house.stop()


def answers(house: House) -> bool:
    with suppress(*TROUBLE):
        return house.call("GET", "/.well-known/nodeinfo")[0] == 200
    return False


if __name__ == "__main__":
    main()
