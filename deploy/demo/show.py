"""The whole demonstration, from a first start or a later one until somebody stops it."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TextIO

from deploy.demo import cast, saved, waiting
from deploy.demo.houses import Houses, Trouble, is_taken
from deploy.demo.parts import Plan
from deploy.demo.steps import Steps

DELIVERED = "delivered"
STAGES = (
    ("found", "Agents, their keys and portraits"),
    ("meet", "Houses that meet"),
    ("meet-again", "Partners, and whom they publish"),
    ("follow", "Colleagues followed"),
    (DELIVERED, "Letters between houses"),
    ("say", "Posts and replies"),
    (DELIVERED, "Letters and pictures"),
    ("react", "Useful, shared, corrected"),
    (DELIVERED, "Letters between houses"),
    ("date", "Notifications"),
)


def run(folder: Path, out: TextIO, *, first_port: int | None, agents: int | None, reset: bool) -> None:
    """Show it until Ctrl-C or SIGTERM. Trouble, with a sentence, when it cannot be shown."""
    steps = Steps(out)
    with interruptible():
        try:
            plan, complete = prepare(folder, steps, first_port, agents, reset)
            with Houses(plan) as houses:
                open_houses(plan, houses, steps, complete)
                while True:
                    houses.check()
                    time.sleep(0.5)
        except KeyboardInterrupt:
            steps.say("\nStopped. What was written is kept for the next start.")


@contextmanager
def interruptible() -> Iterator[None]:
    """SIGTERM, or a terminal that is closed, is an interruption like Ctrl-C; the second one must not stop the end."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def interrupt(number: int, frame: object) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    former = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def prepare(folder: Path, steps: Steps, first_port: int | None, agents: int | None, reset: bool) -> tuple[Plan, bool]:
    """The plan to show, and whether all of it is there already."""
    try:
        known = saved.read(folder)
    except saved.NotOurs as error:
        raise Trouble(f"{folder} holds something else than a demonstration: name another with --folder.") from error
    former = known[0].first_port if known else saved.FIRST_PORT
    must_be_free(former if first_port is None or (known and not reset) else first_port)
    if known and not reset and known[1]:
        must_be_as_made(known[0], first_port, agents)
        return known
    if known:
        if not reset:
            steps.say("The first start was interrupted: it begins anew.")
        saved.erase(known[0])
        first_port = first_port or former
    return saved.begin(folder, first_port or saved.FIRST_PORT, agents or cast.MOST), False


def must_be_free(first_port: int) -> None:
    for port in range(first_port, first_port + 3):
        if is_taken(port):
            raise Trouble(
                f"Port {port} is taken: maybe the demonstration runs already, in another terminal."
                " If another program needs that port, begin anew on others: manage.py demo --reset --first-port 8201"
            )


def must_be_as_made(plan: Plan, first_port: int | None, agents: int | None) -> None:
    """Ports are part of every address that was ever sent."""
    if first_port not in (None, plan.first_port) or agents not in (None, plan.agents):
        raise Trouble(
            f"This demonstration was made with {plan.agents} agents a house, on ports from {plan.first_port}."
            " To change that, begin anew: add --reset."
        )


def open_houses(plan: Plan, houses: Houses, steps: Steps, complete: bool) -> None:
    """Start the servers, people them at the first start, and say how to get in."""
    begun = time.monotonic()
    steps.step("Two towns and their community", lambda tell: houses.open())
    if not complete:
        for stage, label in STAGES:
            if stage == DELIVERED:
                steps.step(label, partial(waiting.until_delivered, plan, houses.check))
            else:
                steps.step(label, partial(houses.do, stage))
        saved.write(plan, complete=True)
        if lost := waiting.count(plan, *waiting.LOST):
            steps.say(f"  {lost} letters or pictures were lost on the way; {plan.folder}/*/log says why.")
    show_ways_in(plan, houses, steps)
    steps.say(f"\nReady in {time.monotonic() - begun:.0f} s. Ctrl-C stops the three houses; their data stays.")


def show_ways_in(plan: Plan, houses: Houses, steps: Steps) -> None:
    """Addresses, and for each role a link that signs in once; every start makes new ones."""
    links = houses.do("ways-in", lambda done, total: None)
    for town in plan.towns.values():
        steps.say(f"\n{cast.house(town.key)['name']}  {town.origin}/")
        for where, facts in links:
            if where == town:
                steps.say(f"  {facts['shows']:<20}{facts['name']}, {facts['occupation']}\n{'':<22}{facts['link']}")
    steps.say("\nEach link signs in once, in any browser of this machine.")
