"""The home timeline as an application asks for it, over HTTP: what a page of forty costs the web and the database."""

import argparse
import itertools
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection  # noqa: TID251  it is not the house that calls

import orjson

from benchmarks import ceiling, houses, table
from benchmarks.houses import House
from benchmarks.processes import Meter

READER, FOLLOWS, AT_ONCE, TOKENS = "Agent 1", 300, 8, 40  # a token may ask 300 times in five minutes
PATH = "/api/v1/timelines/home?limit=40"


@dataclass(frozen=True)
class Round:
    """Of one request, in milliseconds: the processor time of each process, and by the clock, sorted."""

    by_process: dict[str, float]
    times: list[float]


def main() -> None:
    options = read_options()
    for form in options.forms or ("production",):
        with houses.founded(form) as house:
            run(house, options)


def read_options() -> argparse.Namespace:
    parser = houses.parser(__doc__)
    parser.add_argument("--size", type=int, default=1_000_000, help="posts that are stored")
    parser.add_argument("--calls", type=int, default=2000)
    return parser.parse_args()


def run(house: House, options: argparse.Namespace) -> None:
    house.sh(f"from benchmarks import stored, reading\nstored.follow({READER!r}, {FOLLOWS})")
    house.sh(f"stored.posts({options.size})\nstored.vacuum()")
    secrets = house.ask(f"reading.tokens({READER!r}, {TOKENS})")
    queries = house.ask(f"reading.asked({secrets[0]!r}, {PATH!r})")
    least = statistics.median(house.ask("reading.least()") for _ in range(5))
    with house.serving(work=False) as roots:
        ask_all(house, secrets, 100 * AT_ONCE)  # what is composed once is, and caches are warm, as in a house in use
        alone = measured(house, roots, secrets, options.calls // 4, at_once=1)
        busy = measured(house, roots, secrets, options.calls, at_once=AT_ONCE)
    tell(house, options, (queries, least), {1: alone, AT_ONCE: busy})


def measured(house: House, roots: dict[str, int], secrets: list[str], calls: int, at_once: int) -> Round:
    meter = Meter(roots, without=house.onlookers)
    times = ask_all(house, secrets, calls, at_once)
    return Round({name: used / len(times) for name, used in meter.used().items()}, sorted(times))


def ask_all(house: House, secrets: list[str], calls: int, at_once: int = AT_ONCE) -> list[float]:
    with ThreadPoolExecutor(at_once) as pool:
        parts = pool.map(lambda own: ask(house, own, calls // at_once), (secrets[n::at_once] for n in range(at_once)))
        return [each for part in parts for each in part]


def ask(house: House, secrets: list[str], calls: int) -> list[float]:
    """Over one connection that stays open; milliseconds of each request."""
    connection, times = HTTPConnection("127.0.0.1", house.port, timeout=60), []
    for secret in itertools.islice(itertools.cycle(secrets), calls):
        begun = time.perf_counter()
        connection.request("GET", PATH, headers={"host": house.host, "authorization": f"Bearer {secret}"})
        answer = connection.getresponse()
        body = answer.read()
        times.append(1000 * (time.perf_counter() - begun))
        if answer.status != 200 or not orjson.loads(body):
            raise SystemExit(f"{answer.status}: {body[:500]!r}")
    connection.close()
    return times


def tell(house: House, options: argparse.Namespace, asked: tuple[int, float], rounds: dict[int, Round]) -> None:
    """`asked`: how many questions, and what the least of them costs."""
    queries, least = asked
    production = house.form == "production"
    table.title(f"{PATH}, {options.size:,} posts, {FOLLOWS} followed", *[house.database] * production)
    top = ceiling.measure(house.database if production else str(house.folder))
    lines = []
    for at_once, each in rounds.items():
        parts = " + ".join(f"{name} {used:.1f}" for name, used in each.by_process.items() if used >= 0.05)
        late = each.times[int(0.95 * len(each.times))]
        whole = sum(each.by_process.values())
        rate, ratio = f"{whole:.1f} ({parts})", f"{whole / top.insert_ms:.0f}, {whole / least:.0f}"
        lines.append((at_once, rate, ratio, f"{statistics.median(each.times):.1f}", f"{late:.1f}", queries))
    names = ("at once", "CPU ms a request", "in INSERTs, in SELECT 1", "median ms", "95 % within ms", "questions")
    table.rows(names, lines)
    told = ("`SELECT 1` by Django per CPU-second, connections that stay, eight threads", f"{1000 / least:,.0f}")
    table.rows(("the machine in the same run", ""), [*top.lines(), told])


if __name__ == "__main__":
    main()
