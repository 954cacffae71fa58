"""Arrivals: what one signed Create(Note) costs, accepted with 202, and fully processed."""

import argparse
import json
import pickle
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

from benchmarks import ceiling, houses, neighbourhood, table
from benchmarks.houses import House, Roots, count
from benchmarks.letters import Letters, Reader
from benchmarks.processes import Meter
from tests import servers

FOLLOWERS, AT_ONCE = 5, 8
PATIENCE = 600
STORED, TOLD = "outbox_post WHERE NOT local", "inbox_notification"


@dataclass(frozen=True)
class Round:
    """Of one activity, in milliseconds; `seconds` until all were accepted, and until all were processed."""

    by_process: dict[str, float]
    seconds: float
    done_seconds: float
    answer_ms: float
    count: int

    @property
    def cpu_ms(self) -> float:
        return sum(self.by_process.values())


def main() -> None:
    options = read_options()
    for form in options.forms or ("embedded", "production"):
        with houses.founded(form) as house:
            run(house, options)


def read_options() -> argparse.Namespace:
    parser = houses.parser(__doc__)
    parser.add_argument("--letters", type=int, default=2000, help="a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--houses", type=int, default=10, help="partners that write")
    parser.add_argument("--people", type=int, default=10, help="in each of them")
    parser.add_argument("--stored", type=int, default=0, help="posts that are there already")
    return parser.parse_args()


def run(house: House, options: argparse.Namespace) -> None:
    partners = neighbourhood.partners(options.houses, options.people)
    with neighbourhood.answering(partners, house.folder):
        letters = introduce(house, partners)
        if options.stored:
            house.sh(f"from benchmarks import stored\nstored.posts({options.stored})")
        before = count(house, STORED), count(house, TOLD)
        with house.serving(work=False) as pids:
            accepted = rounds(house, letters, pids, options, work=False)
        with house.serving(work=True) as pids:
            settled(house)
            processed = rounds(house, letters, pids, options, work=True)
        check(house, letters, before)
    tell(house, options, accepted, processed)


def introduce(house: House, partners: list[neighbourhood.Partner]) -> Letters:
    people = [uri for each in partners for uri in each.people()]
    house.sh(
        "from benchmarks import stock\n"
        f"stock.partners({[each.introduction() for each in partners]!r}, {people!r}, {FOLLOWERS})"
    )
    readers = [Reader(*each) for each in house.ask("stock.readers()")]
    context = house.ask("__import__('federation.vocabulary').vocabulary.CONTEXT")
    return Letters(partners, readers, house.host, context)


def rounds(house: House, letters: Letters, pids: Roots, options: argparse.Namespace, *, work: bool) -> list[Round]:
    post(house, list(letters.requests(2 * len(letters.writers))), work=work)  # keys are read, code is warm
    found = []
    for _ in range(options.rounds):
        requests = list(letters.requests(options.letters))
        meter, begun = Meter(pids, house.onlookers), time.monotonic()
        answer = post(house, requests, work=work)
        taken = time.monotonic() - begun
        used = {name: value / len(requests) for name, value in meter.used().items()}
        found.append(Round(used, answer["seconds"], taken, answer["median_ms"], len(requests)))
    return found


def post(house: House, requests: list[bytes], *, work: bool) -> dict[str, Any]:
    """From another process; with `work`, until everything that arrived is processed."""
    file = house.folder / "requests"
    file.write_bytes(pickle.dumps(requests))
    command = [sys.executable, "-m", "benchmarks.sending", str(file), str(house.port), str(AT_ONCE)]
    done = subprocess.run(command, cwd=servers.ROOT, check=True, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    if answer["statuses"] != {"202": len(requests)}:
        raise SystemExit(f"not all were accepted: {answer['statuses']}\n{house.log.read_text()[-2000:]}")
    if work:
        settled(house)
    return answer


def settled(house: House) -> None:
    """Wait until nothing is waiting; looking costs the database next to nothing."""
    deadline = time.monotonic() + PATIENCE
    while count(house, "inbox_receipt WHERE state = 'waiting'") or house.hints():
        if time.monotonic() > deadline:
            raise SystemExit(f"not processed in time\n{house.log.read_text()[-2000:]}")
        time.sleep(0.5)


def check(house: House, letters: Letters, before: tuple[int, int]) -> None:
    """Nothing is worth measuring unless it was done: every post is stored, everyone named was told."""
    sent = next(letters.ids) - 1
    stored, told = count(house, STORED) - before[0], count(house, TOLD) - before[1]
    if (stored, told) != (sent, letters.named):
        states = house.ask("list(Receipt.objects.values_list('state', 'reason').distinct()[:20])")
        raise SystemExit(f"{sent} sent, {stored} stored, {told} of {letters.named} told, receipts {states}")


def tell(house: House, options: argparse.Namespace, accepted: list[Round], processed: list[Round]) -> None:
    production = house.form == "production"
    top = ceiling.measure(house.database if production else str(house.folder))
    table.title(f"Arrivals, {house.form} form, {options.stored:,} posts stored before", *[house.database] * production)
    floor = top.verify_ms + top.insert_ms
    lines = []
    for name, found in (("accepted with 202", accepted), ("accepted and fully processed", processed)):
        cpu = [each.cpu_ms for each in found]
        rate = [each.count / (each.done_seconds if found is processed else each.seconds) for each in found]
        ratio = f"{statistics.median(cpu) / floor:.1f}"
        shares = [f"{part} {statistics.median(r.by_process[part] for r in found):.2f}" for part in found[0].by_process]
        lines.append((name, table.middle(cpu), ", ".join(shares), table.middle(rate, ".0f"), ratio))
    what = ("CPU ms an activity, all processes", "of which", "activities a second")
    table.rows(("activity", *what, "times the floor (one RSA verify, one INSERT)"), lines)
    table.rows(("the machine in the same run", ""), top.lines())


if __name__ == "__main__":
    main()
