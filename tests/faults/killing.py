"""The one who kills: by turns, a worker, a web process, Redis with its disk and without, PostgreSQL."""

import threading

from tests.faults.house import House
from tests.faults.passing import Passing
from tests.faults.plan import Plan, Tally

# How often each, once every one had its turn. The hands of a worker are what is cheapest to replace, and dies most.
KINDS = {
    "worker, its hands": 10, "worker, whole": 3, "web, its hands": 4, "web, whole": 2, "beat": 1, "redis": 2,
    "redis and its disk": 1, "postgres": 2,
}  # fmt: skip


class Killer(threading.Thread):
    def __init__(self, plan: Plan, tally: Tally, houses: list[House], passing: Passing) -> None:
        super().__init__(daemon=True)
        self.plan, self.tally, self.houses, self.passing = plan, tally, houses, passing
        self.luck, self.stopping = plan.luck("killing"), threading.Event()

    def run(self) -> None:
        turns = [(kind, house) for kind in KINDS for house in self.houses]
        self.luck.shuffle(turns)
        while not self.stopping.wait(self.luck.uniform(0.5, 1.5) * self.plan.kill_every):
            if not turns:
                (kind,) = self.luck.choices([*KINDS], [*KINDS.values()])
                turns = [(kind, self.luck.choice(self.houses))]
            kind, house = turns.pop()
            while not house.answers() and not self.stopping.wait(0.3):
                pass  # still on its way back: on a busy machine nothing would ever be done between two kills
            if self.stopping.is_set():
                return
            self.kill(kind, house)
            self.tally.add(f"kill {kind}")

    def kill(self, kind: str, house: House) -> None:
        machine = getattr(house, kind.partition(",")[0].partition(" ")[0])
        if kind.endswith("hands"):
            machine.kill_children()
        elif kind == "redis and its disk":
            machine.kill(house.lose_redis_disk)
        else:
            machine.kill()
        if kind.startswith("worker"):
            self.passing.orphan(house)

    def stop(self) -> None:
        self.stopping.set()
        self.join()
