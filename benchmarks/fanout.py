"""Fan-out: what a delivery costs when one post goes to many followers, over HTTPS connections that stay open."""

import argparse
import statistics
import time
from dataclasses import dataclass
from typing import Any

from benchmarks import ceiling, houses, owed, table
from benchmarks.browser import Browser
from benchmarks.hosts import Hosts
from benchmarks.houses import House, Roots, count
from benchmarks.processes import Meter
from tests import servers

AUTHOR = "Agent 0"
PATIENCE = 900
WAITING = "federation_delivery WHERE state = 'waiting' AND attempts = 0"


@dataclass(frozen=True)
class Round:
    """Of one delivery, CPU in milliseconds; seconds from the post until every healthy host had its letters."""

    by_process: dict[str, float]
    seconds: float
    posts: int
    letters: int
    connections: int

    @property
    def cpu_ms(self) -> float:
        return sum(self.by_process.values())


def main() -> None:
    options = read_options()
    for form in options.forms or ("embedded", "production"):
        with servers.scratch() as folder:
            hosts = Hosts(folder, options.hosts)
            with hosts.receiving(), houses.founded(form, SSL_CERT_FILE=str(hosts.authority)) as house:
                run(house, hosts, options)
                if options.owed:
                    owed.run(house, hosts, AUTHOR, options.owed, options.watch)


def read_options() -> argparse.Namespace:
    parser = houses.parser(__doc__)
    parser.add_argument("--followers", type=int, default=1000)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--hanging", type=int, default=5, help="hosts that take the connection and never answer")
    parser.add_argument("--rounds", type=int, default=3, help="of one post, or ten to shared inboxes")
    parser.add_argument("--owed", type=int, nargs="*", default=[1_000, 100_000], help="rows, to see the memory")
    parser.add_argument("--watch", type=float, default=20, help="seconds to watch it")
    return parser.parse_args()


def run(house: House, hosts: Hosts, options: argparse.Namespace) -> None:
    house.sh(f"from benchmarks import stock\nstock.fans({AUTHOR!r}, {hosts.names!r}, {options.followers})")
    with house.serving(work=True) as pids:
        browser = Browser(house)
        browser.sign_in(AUTHOR)
        found = {
            "own inboxes": publish(house, hosts, browser, pids, options.rounds),
            "shared inboxes": shared(house, hosts, browser, pids, options.rounds),
        }
        if options.hanging:
            name = f"own inboxes, {options.hanging} hosts hang"
            found[name] = [measured(house, hosts, browser, pids, silent=options.hanging)]
    tell(house, options, found)


def publish(house: House, hosts: Hosts, browser: Browser, pids: Roots, rounds: int, posts: int = 1) -> list[Round]:
    """The first post opens the connections and is not counted."""
    measured(house, hosts, browser, pids)
    return [measured(house, hosts, browser, pids, posts=posts) for _ in range(rounds)]


def shared(house: House, hosts: Hosts, browser: Browser, pids: Roots, rounds: int) -> list[Round]:
    house.sh("stock.share_inboxes(shared=True)")
    found = publish(house, hosts, browser, pids, rounds, posts=10)
    house.sh("stock.share_inboxes(shared=False)")
    return found


def measured(house: House, hosts: Hosts, browser: Browser, pids: Roots, *, silent: int = 0, posts: int = 1) -> Round:
    """Some posts, one after the other, each written through the form; processor time is counted in hundredths."""
    meter, waited, letters, connections = Meter(pids, house.onlookers), 0.0, 0, 0
    for _ in range(posts):
        hosts.begin(silent)
        begun = time.time()
        browser.post("/publier/", kind="note", audience="followers", text=f"Conseil municipal de {begun}")
        healthy = expected(house, hosts, silent)
        came = taken(house, hosts, healthy, silent)
        waited, letters, connections = waited + came["last"] - begun, letters + healthy, connections + came["new"]
    used = {name: value / letters for name, value in meter.used().items()}
    return Round(used, waited / posts, posts, letters, connections)


def taken(house: House, hosts: Hosts, healthy: int, silent: int) -> dict[str, Any]:
    """What the hosts tell, once every healthy one has its letters and that is written down here."""
    deadline = time.monotonic() + PATIENCE
    while (came := hosts.report())["taken"] < healthy or (not silent and count(house, WAITING)):
        if time.monotonic() > deadline:
            raise SystemExit(f"{came} of {healthy} came\n{house.log.read_text()[-3000:]}")
        time.sleep(0.05)
    return came


def expected(house: House, hosts: Hosts, silent: int) -> int:
    """The letters of the newest post to hosts that answer."""
    newest = "dispatch_id = (SELECT max(dispatch_id) FROM federation_delivery WHERE host LIKE '%.fan.%')"
    deaf = ", ".join(f"'{name}'" for name in ("", *hosts.names[:silent]))
    return count(house, f"federation_delivery WHERE {newest} AND host LIKE '%.fan.%' AND host NOT IN ({deaf})")


def tell(house: House, options: argparse.Namespace, found: dict[str, list[Round]]) -> None:
    production = house.form == "production"
    top = ceiling.measure(house.database if production else str(house.folder))
    title = f"Fan-out, {house.form} form, {options.followers:,} followers on {options.hosts:,} hosts, kept-alive HTTPS"
    table.title(title, *[house.database] * production)
    lines = []
    for name, rounds in found.items():
        cpu = [each.cpu_ms for each in rounds]
        shares = [
            f"{part} {statistics.median(r.by_process[part] for r in rounds):.2f}" for part in rounds[0].by_process
        ]
        seconds = [each.seconds for each in rounds]
        rate = [each.letters / each.posts / each.seconds for each in rounds]
        new = sum(each.connections for each in rounds) / sum(each.letters for each in rounds)
        ratio = f"{statistics.median(cpu) / top.sign_ms:.1f}"
        middle = (table.middle(rate, ".0f"), table.middle(seconds), f"{new:.2f}", ratio)
        lines.append((name, rounds[0].letters // rounds[0].posts, table.middle(cpu), ", ".join(shares), *middle))
    what = ("letters a post", "CPU ms a delivery, all processes", "of which", "deliveries a second")
    until = ("seconds until every healthy host has its own", "new connections a letter", "times one RSA signature")
    table.rows(("to", *what, *until), lines)
    table.rows(("the machine in the same run", ""), top.lines())


if __name__ == "__main__":
    main()
