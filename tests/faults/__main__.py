"""`python -m tests.faults --posts 2000 --seconds 600 --seed 1`: nothing is lost or duplicated, whatever is killed."""

import argparse
import sys

from tests.faults.plan import Plan
from tests.faults.story import run
from tests.faults.telling import tell

QUICK = Plan(posts=120, seconds=45.0, kill_every=1.8, drain=60.0)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--posts", type=int, default=Plan.posts, help="posts that agents have acknowledged")
    parser.add_argument("--seconds", type=float, default=Plan.seconds, help="how long the storm lasts, at least")
    parser.add_argument("--kill-every", type=float, default=Plan.kill_every, help="seconds between two kills")
    parser.add_argument("--seed", type=int, default=Plan.seed, help="the same dice again")
    parser.add_argument("--quick", action="store_true", help="the short version that `make test` runs")
    chosen = parser.parse_args(arguments)
    if chosen.quick:
        plan = Plan(QUICK.posts, QUICK.seconds, chosen.seed, QUICK.kill_every, QUICK.drain)
    else:
        plan = Plan(chosen.posts, chosen.seconds, chosen.seed, chosen.kill_every)
    findings, tally, story = run(plan)
    return tell(plan, findings, tally, story)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
