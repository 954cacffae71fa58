"""What processes cost: processor time and memory of whole trees, read from /proc."""

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROLLUP = ("Pss", "Rss", "Private_Clean", "Private_Dirty")
TICKS = os.sysconf("SC_CLK_TCK")


def tree(roots: Iterable[int]) -> list[int]:
    """These processes and all that descend from them, as far as they live."""
    found: list[int] = []
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.append(pid)
            waiting += children(pid)
    return sorted(found)


def children(pid: int) -> list[int]:
    """A child belongs to the thread that forked it."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except OSError:  # the thread has just ended
            continue
    return found


def cpu_seconds(roots: Iterable[int], without: Collection[int] = ()) -> float:
    """User and system time of the trees; that of children which ended is in their parents' account and not lost."""
    roots = list(roots)
    while True:
        before = tree(roots)
        total = sum(ticks(pid) for pid in before if pid not in without)
        if tree(roots) == before:  # nobody came or went while we counted
            return total / TICKS


def ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(int(value) for value in fields[11:15])  # utime, stime, cutime, cstime


@dataclass(frozen=True)
class Memory:
    """Megabytes: with a fair part of what is shared with others, with all of it, and without."""

    pss: float
    rss: float
    private: float


def memory(roots: Iterable[int]) -> Memory:
    """Of the whole trees. A page that several processes share counts once among them in the PSS."""
    found = [rollup(pid) for pid in tree(roots)]
    total = {name: sum(each.get(name, 0) for each in found) / 1024 for name in ROLLUP}
    return Memory(total["Pss"], total["Rss"], total["Private_Clean"] + total["Private_Dirty"])


def rollup(pid: int) -> dict[str, int]:
    """Kilobytes by name; nothing once the process is gone."""
    try:
        lines = [line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]]
    except OSError:
        return {}
    return {line[0].rstrip(":"): int(line[1]) for line in lines}


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


class Meter:
    """What each process of a house, with its children, used since the meter was started: milliseconds by its name.

    `without` are processes that serve the one who measures.
    """

    def __init__(self, roots: Mapping[str, int], without: Collection[int] = ()) -> None:
        self.roots, self.without = roots, without
        self.before = self.now()

    def now(self) -> dict[str, float]:
        return {name: 1000 * cpu_seconds([pid], self.without) for name, pid in self.roots.items()}

    def used(self) -> dict[str, float]:
        return {name: value - self.before[name] for name, value in self.now().items()}
