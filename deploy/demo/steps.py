"""How the demonstration says what it is doing: one line a step, rewritten in place on a terminal."""

import time
from collections.abc import Callable
from typing import TextIO

Tell = Callable[[int, int], None]


class Steps:
    def __init__(self, out: TextIO) -> None:
        self.out, self.live = out, out.isatty()

    def say(self, text: str = "") -> None:
        self.out.write(f"{text}\n")
        self.out.flush()

    def step(self, label: str, work: Callable[[Tell], object]) -> None:
        """Do the work, which tells how far it is, and leave a line with its count and its time."""
        begun, counts = time.monotonic(), ""

        def tell(done: int, total: int) -> None:
            nonlocal counts
            counts = f"{done:>5} of {total}" if total else counts
            if self.live:
                self.out.write(f"\r  {label:<36}{counts}\x1b[K")
                self.out.flush()

        tell(0, 0)
        try:
            work(tell)
        except BaseException:
            self.say("" if self.live else f"  {label:<36}{counts}")
            raise
        self.say(f"{chr(13) if self.live else ''}  {label:<36}{counts:<16}{time.monotonic() - begun:>5.1f} s")
