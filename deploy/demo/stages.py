"""One stage of the demonstration in one house: `python -m deploy.demo.stages`, run with that house's settings.

Each line that it writes is JSON: `{"done": 3, "total": 40}` while it works, or what it was asked for.
"""

import argparse
import json
import sys
import time
from datetime import datetime
from pathlib import Path

import django

from deploy.demo.parts import Part, Plan

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


def asked() -> tuple[str, Part]:
    parser = argparse.ArgumentParser(prog="python -m deploy.demo.stages")
    parser.add_argument("stage")
    parser.add_argument("town")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--first-port", type=int, required=True)
    parser.add_argument("--agents", type=int, required=True)
    parser.add_argument("--begun", type=datetime.fromisoformat, required=True)
    given = parser.parse_args()
    plan = Plan(given.folder, given.first_port, given.agents, given.begun)
    return given.stage, Part(plan, plan.towns[given.town])


def main() -> None:
    stage, part = asked()
    django.setup()
    from deploy.demo import settling, telling, writing

    if stage == "ways-in":
        for facts in settling.ways_in(part):
            write(**facts)
        return
    work = {
        "found": settling.found,
        "meet": settling.meet,
        "meet-again": settling.meet_again,
        "follow": settling.follow,
        "say": writing.say_all,
        "react": writing.react_all,
        "date": telling.date_back,
    }
    work[stage](part, Telling())


if __name__ == "__main__":
    main()
