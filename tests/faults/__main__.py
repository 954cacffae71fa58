"""`python -m tests.faults --posts 2000 --seconds 600 --seed 1`: nothing is lost or duplicated, whatever is killed."""

import argparse
import sys
from dataclasses import replace

from tests.faults.plan import Plan
from tests.faults.story import run
from tests.faults.telling import tell

QUICK = Plan(posts=100, seconds=30.0, kill_every=1.8, limit=60.0, least=20, drain=240.0)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--posts", type=int, help="posts that agents have acknowledged")
    parser.add_argument("--seconds", type=float, help="how long the storm lasts, at least")
    parser.add_argument("--kill-every", type=float, help="seconds between two kills")
    parser.add_argument("--absence", type=int, help="days that one neighbour is away")
    parser.add_argument(
        "--drain", type=float, help="seconds that the calm may take, before what is left counts as lost"
    )
    parser.add_argument("--seed", type=int, help="the same dice again")
    parser.add_argument("--quick", action="store_true", help="the short version that `make test` runs")
    chosen = parser.parse_args(arguments)
    base = QUICK if chosen.quick else Plan()
    given = {name: value for name, value in vars(chosen).items() if name != "quick" and value is not None}
    plan = replace(base, **given)
    plan = replace(plan, least=min(plan.least, plan.posts))
    findings, tally, story = run(plan)
    return tell(plan, findings, tally, story)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
