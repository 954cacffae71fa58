"""One house of the demonstration, `python -m deploy.demo.house`: `preau serve`, and a thread that peoples it.

The thread reads the names of stages, one a line, and writes lines of JSON: `{"done": 3, "total": 40}` while it works,
what it was asked for, and `{"end": "follow"}`. When nobody can ask any more, the house closes.
"""

import argparse
import json
import os
import signal
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import django
from django.core.management import call_command

from deploy.demo.parts import Part, Plan
from deploy.demo.towns import LOOPBACK

OFTEN = 0.2  # seconds between two lines that say how far the work is


def write(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


class Telling:
    """Says how far the work is, not more often than one can read."""

    def __init__(self) -> None:
        self.last = 0.0

    def __call__(self, done: int, total: int) -> None:
        if done == total or time.monotonic() - self.last > OFTEN:
            self.last = time.monotonic()
            write(done=done, total=total)


def part_asked() -> Part:
    parser = argparse.ArgumentParser(prog="python -m deploy.demo.house")
    parser.add_argument("town")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--first-port", type=int, required=True)
    parser.add_argument("--agents", type=int, required=True)
    parser.add_argument("--begun", type=datetime.fromisoformat, required=True)
    given = parser.parse_args()
    plan = Plan(given.folder, given.first_port, given.agents, given.begun)
    return Part(plan, plan.towns[given.town])


def work(part: Part) -> None:
    try:
        with open(0, "rb", buffering=0, closefd=False) as asked:  # a buffer would be locked when Python ends
            for row in asked:
                do(row.decode().strip(), part)
    finally:
        os.kill(os.getpid(), signal.SIGTERM)


def do(stage: str, part: Part) -> None:
    from deploy.demo import settling, telling, writing  # they need models, which are there once Django is set up

    verbs = {
        "found": settling.found,
        "meet": settling.meet,
        "meet-again": settling.meet_again,
        "follow": settling.follow,
        "say": writing.say_all,
        "react": writing.react_all,
        "date": telling.date_back,
    }
    if stage == "ways-in":
        for facts in settling.ways_in(part):
            write(**facts)
    else:
        verbs[stage](part, Telling())
    write(end=stage)


def main() -> None:
    part = part_asked()
    django.setup()
    threading.Thread(target=work, args=(part,), name="preau-demo", daemon=True).start()
    call_command("serve", address=LOOPBACK, port=part.town.port, stdout=sys.stderr)


if __name__ == "__main__":
    main()
