"""For how many days what an authority may decide about is kept: see `federation.night`."""

from collections.abc import Callable
from datetime import timedelta

LONGEST = 3_650
# By name: the setting, its days when it is left out, and the fewest that are safe.
# letters: what arrived and what left is known for longer than a house, restored from an old backup, may repeat it.
# traces: a post that was withdrawn stays dead for longer than that, everywhere.
CHOICES = {
    "letters": ("PREAU_KEEP_LETTERS", 90, 30),
    "traces": ("PREAU_KEEP_TRACES", 365, 90),
    "notifications": ("PREAU_KEEP_NOTIFICATIONS", 365, 30),
    "reports": ("PREAU_KEEP_REPORTS", 365, 30),
}
WITHOUT_A_ROW = timedelta(days=3)  # a file is there before the row that names it: a picture takes time to be drawn
Keep = dict[str, timedelta]


def read(number: Callable[[str, int, range], int]) -> Keep:
    """`number` reads a setting: its name, what it usually is, and what it may be."""
    chosen = {
        name: number(setting, usual, range(least, LONGEST + 1)) for name, (setting, usual, least) in CHOICES.items()
    }
    return {name: timedelta(days=days) for name, days in chosen.items()}


def usual() -> Keep:
    """When an admin chose nothing."""
    return read(lambda _setting, days, _allowed: days)
