"""Memory at rest of the embedded form, and how long it takes to start."""

import argparse
import time
from contextlib import suppress

from benchmarks import houses, table
from benchmarks.browser import Browser
from benchmarks.houses import Embedded, House
from benchmarks.processes import Memory, memory
from tests.towns import TROUBLE

PAGES = ("/", "/publier/", "/notifications/", "/personnes/", "/voisins/", "/")
SETTLES = 3.0  # seconds after which nothing is allocated any more


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with houses.founded("embedded") as house:
        found = [once(house) for _ in range(options.rounds)]
    table.title("The embedded form at rest")
    names = ("after the start", "after a few pages")
    lines = [(name, *figures([each[place] for each in found])) for place, name in enumerate(names)]
    table.rows(("MB of the process", "PSS", "RSS", "private (USS)"), lines)
    table.rows(("", "seconds"), [("from exec to the first answer", table.middle(each[2] for each in found))])


def figures(found: list[Memory]) -> list[str]:
    return [table.middle([getattr(each, name) for each in found], ".1f") for name in ("pss", "rss", "private")]


def once(house: House) -> tuple[Memory, Memory, float]:
    assert isinstance(house, Embedded)
    began = time.monotonic()
    house.env["PREAU_WORK"] = "thread"
    house.launch()
    assert house.process
    while not answers(house):
        time.sleep(0.01)
    started = time.monotonic() - began
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
