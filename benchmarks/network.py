"""A network of hundreds of light houses around a real one: what a post to all costs, and what they write in."""

import argparse
import json
import pickle
import statistics
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import ceiling, houses, inbox, kept
from benchmarks.browser import Browser
from benchmarks.houses import House, Roots, count
from benchmarks.letters import Letters, Reader
from benchmarks.network_peers import Network
from benchmarks.network_told import Figures, Post, tell
from benchmarks.processes import Meter, memory
from tests import servers

AUTHOR, READER = "Agent 0", "Agent 1"
PATIENCE, HANG_UP, FOLLOWERS, AT_ONCE, PAGES = 300.0, 31.0, 2, 8, 40
UNTRIED = "federation_delivery WHERE state = 'waiting' AND attempts = 0"


def main() -> None:
    options = read_options()
    found = {}
    for form in options.forms or ("production",):
        with servers.scratch() as folder:
            network = Network(folder, options.peers, options.down, options.slow)
            with network.answering(), founded(form, network, options) as house:
                found[form] = run(house, network, options)
    if options.json:
        options.json.write_text(json.dumps({form: asdict(each) for form, each in found.items()}, indent=1) + "\n")


def founded(form: str, network: Network, options: argparse.Namespace) -> AbstractContextManager[House]:
    return houses.founded(form, pooled=options.pooled, SSL_CERT_FILE=str(network.authority))


def read_options() -> argparse.Namespace:
    parser = houses.parser(__doc__)
    parser.add_argument("--peers", type=int, default=500)
    parser.add_argument("--down", type=int, default=15, help="of them, where nobody listens")
    parser.add_argument("--slow", type=int, default=15, help="of them, that take two seconds to answer")
    parser.add_argument("--rounds", type=int, default=3, help="of two posts: connections are new, and kept")
    parser.add_argument("--wait", type=float, default=HANG_UP, help="seconds in which connections are closed")
    parser.add_argument("--rate", type=float, default=20, help="letters a second that they write in")
    parser.add_argument("--seconds", type=float, default=60, help="for so long")
    parser.add_argument("--pooled", action="store_true", help="the production form through PgBouncer")
    parser.add_argument("--json", type=Path, help="also write the figures there")
    return parser.parse_args()


def run(house: House, network: Network, options: argparse.Namespace) -> Figures:
    network.meet(house, FOLLOWERS)
    with house.serving(work=True) as pids:
        browser = Browser(house)
        browser.sign_in(AUTHOR)
        publish(house, network, browser, pids)  # who is down is found to be, code is warm
        before = kept.look(house)
        rounds = [(fresh(house, network, browser, pids, options.wait), publish(house, network, browser, pids))
                  for _ in range(options.rounds)]  # fmt: skip
        settled(house)
        own_rows, own_bytes = kept.look(house).since(before, 2 * options.rounds)
        before, letters = kept.look(house), writers(house, network)
        arrived = arrive(house, network, letters, pids, options, browser)
        grown = kept.look(house).since(before, arrived["count"])[1] - own_bytes / arrived["count"]
        browser.sign_in(READER)
        page = pages(browser, pids, house)
        used = {name: memory([pid]).pss for name, pid in pids.items()}
    figures = gather(house, options, rounds, arrived, page, used, (own_rows, own_bytes, grown))
    tell(house, options, rounds, figures)
    return figures


def fresh(house: House, network: Network, browser: Browser, pids: Roots, wait: float) -> Post:
    """Over connections that are all new, as between towns that write to each other now and then."""
    time.sleep(wait)
    return publish(house, network, browser, pids)


def publish(house: House, network: Network, browser: Browser, pids: Roots) -> Post:
    network.ask(begin=True)
    meter, begun = Meter(pids, house.onlookers), time.time()
    browser.post("/publier/", kind="note", audience="partners", text=f"Conseil communautaire, {begun}. " * 10)
    came = wait_for(house, lambda: network.ask(), lambda said: said["healthy"] >= network.healthy)
    healthy_at = came["last"]
    came = wait_for(house, lambda: network.ask(), lambda said: said["slow"] >= len(network.slow))
    whole = time.time() - begun
    settled(house)
    used = {name: value / len(network.up) for name, value in meter.used().items()}
    if came["wrong"]:
        raise SystemExit(f"{came['wrong']} letters were not rightly signed")
    return Post(
        healthy_at - begun, whole, sum(used.values()), used, came["bytes"] / len(network.up),
        came["new"] / len(network.up),
    )  # fmt: skip


def wait_for(house: House, ask: Any, holds: Any) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE
    while not holds(said := ask()):
        if time.monotonic() > deadline:
            raise SystemExit(f"not in time: {said}\n{house.log.read_text()[-3000:]}")
        time.sleep(0.05)
    found: dict[str, Any] = said
    return found


def settled(house: House) -> None:
    """Nothing is on its way: what waits was tried, or waits for a house that is down."""
    down = "host IN (SELECT host FROM federation_peer WHERE failures > 0)"
    wait_for(house, lambda: {"left": count(house, f"{UNTRIED} AND NOT {down}")}, lambda said: not said["left"])


def writers(house: House, network: Network) -> Letters:
    readers = [Reader(*each) for each in house.ask("stock.readers()")]
    return Letters(network.up, readers, house.host, house.ask("__import__('federation.vocabulary').vocabulary.CONTEXT"))


def arrive(
    house: House, network: Network, letters: Letters, pids: Roots, options: argparse.Namespace, browser: Browser
) -> dict[str, Any]:
    """They write in at a steady rate; once more with a post to all in the middle, which is timed."""
    inbox.post(house, list(letters.requests(50)), work=True)  # keys are read
    requests = list(letters.requests(int(options.rate * options.seconds)))
    meter = Meter(pids, house.onlookers)
    said = steadily(house, requests, options.rate)
    inbox.settled(house)
    cpu = sum(meter.used().values()) / len(requests)
    size = statistics.mean(map(len, requests))
    more = list(letters.requests(int(options.rate * min(options.seconds, 20))))
    sending = start(house, more, options.rate)
    time.sleep(1)
    busy = publish(house, network, browser, pids)
    sending.communicate()
    inbox.settled(house)
    return {"count": len(requests) + len(more) + 50, "cpu": cpu, "bytes": size, "busy": busy.seconds, **said}


def steadily(house: House, requests: list[bytes], rate: float) -> dict[str, Any]:
    said, _ = start(house, requests, rate).communicate()
    answer: dict[str, Any] = json.loads(said)
    if answer["statuses"] != {"202": len(requests)}:
        raise SystemExit(f"not all were accepted: {answer['statuses']}")
    return answer


def start(house: House, requests: list[bytes], rate: float) -> "subprocess.Popen[bytes]":
    file = house.folder / "requests"
    file.write_bytes(pickle.dumps(requests))
    command = [sys.executable, "-m", "benchmarks.sending", str(file), str(house.port), str(AT_ONCE), str(rate)]
    return subprocess.Popen(command, cwd=servers.ROOT, stdout=subprocess.PIPE)


def pages(browser: Browser, pids: Roots, house: House) -> float:
    """The home page of an agent, whole, as her browser reads it."""
    browser.get("/")
    meter = Meter(pids, house.onlookers)
    for _ in range(PAGES):
        browser.get("/")
    return sum(meter.used().values()) / PAGES


def gather(
    house: House, options: argparse.Namespace, rounds: list[tuple[Post, Post]], arrived: dict[str, Any], page: float,
    used: dict[str, float], grown: tuple[dict[str, float], float, float],
) -> Figures:  # fmt: skip
    middle = lambda name, which: statistics.median(getattr(each[which], name) for each in rounds)  # noqa: E731
    top = ceiling.measure(house.database if house.form == "production" else str(house.folder))
    return Figures(
        peers=options.peers, post_new=middle("cpu_ms", 0), post_kept=middle("cpu_ms", 1), seconds=middle("seconds", 0),
        whole_seconds=middle("whole_seconds", 0), busy_seconds=arrived["busy"], letter_bytes=middle("letter_bytes", 0),
        own_rows=grown[0], own_bytes=grown[1], arrival=arrived["cpu"], arrival_bytes=arrived["bytes"],
        arrival_kept=grown[2], answer_ms=arrived["median_ms"], late_ms=arrived["late_ms"], page=page, memory=used,
        floor={"sign_ms": top.sign_ms, "verify_ms": top.verify_ms, "insert_ms": top.insert_ms},
    )  # fmt: skip


if __name__ == "__main__":
    main()
