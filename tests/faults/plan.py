"""What one run does: how much, for how long, and which dice."""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Plan:
    posts: int = 2000
    seconds: float = 600.0  # of storm; longer when the posts are not written by then
    seed: int = 1
    kill_every: float = 6.0
    limit: float = 3600.0  # seconds after which agents stop writing, on a machine that is too busy
    least: int = 2000  # posts without which the run proves nothing
    drain: float = 600.0  # seconds that the calm may take
    absence: int = 8  # days that pass, for what is owed to one neighbour, while it is away
    hang: float = 12.0  # longer than our own deadline for a call

    def luck(self, *names: object) -> random.Random:
        """Dice of its own for each part, so that one part's moments do not change another's."""
        return random.Random(":".join(map(str, (self.seed, *names))))


@dataclass
class Tally:
    """What is counted while it happens, by several threads."""

    start: float = field(default_factory=time.monotonic)
    counts: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    mistakes: list[str] = field(default_factory=list)
    storm: threading.Event = field(default_factory=threading.Event)

    def add(self, name: str, number: int = 1) -> None:
        with self.lock:
            self.counts[name] += number

    def wrong(self, what: str) -> None:
        """Something that no fault excuses."""
        with self.lock:
            self.mistakes.append(what)

    def say(self, text: str) -> None:
        print(f"{time.monotonic() - self.start:7.1f} s  {text}", flush=True)

    def family(self, prefix: str) -> dict[str, int]:
        return {
            name.removeprefix(prefix): count for name, count in sorted(self.counts.items()) if name.startswith(prefix)
        }


@dataclass(frozen=True)
class Owed:
    """One effect that must be there, once: `what` of `subject`, in that house, in that state."""

    house: str
    what: str
    subject: str
    state: str


@dataclass(frozen=True)
class Effect(Owed):
    """One effect that is there, and how many times it was had."""

    times: int = 1
