"""Memory while letters are paid, with few and with many rows owed: it must not follow their number."""

import time

from benchmarks import table
from benchmarks.hosts import Hosts
from benchmarks.houses import House
from benchmarks.processes import memory

OURS = ("serve", "web", "worker", "beat")


def run(house: House, hosts: Hosts, author: str, sizes: list[int], seconds: float) -> None:
    """Each time begun anew; what is left of the last rows is paid first."""
    lines = []
    for size in sizes:
        house.sh(f"from benchmarks import stock\nDelivery.objects.all().delete()\nstock.owe({author!r}, {size})")
        hosts.begin()
        with house.serving(work=True) as pids:
            ours = [pid for name, pid in pids.items() if name in OURS]
            pss, rss = peak(ours, seconds)
        lines.append((f"{size:,}", hosts.report()["taken"], f"{pss:.1f}", f"{rss:.1f}", len(ours)))
    print(f"Memory in the first {seconds:.0f} seconds of paying, {house.form} form (the most there was, MB)\n")
    table.rows(("rows owed", "letters taken meanwhile", "PSS of our processes", "RSS", "roots"), lines)


def peak(pids: list[int], seconds: float) -> tuple[float, float]:
    pss = rss = 0.0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = memory(pids)
        pss, rss = max(pss, found.pss), max(rss, found.rss)
        time.sleep(0.3)
    return pss, rss
