"""Letters on their way: each house has a lane, in which a few travel at a time, at its own pace.

All but `carry` runs on the event loop: no database here. Lanes are shared by all who carry letters in a process.
"""

import asyncio
import os
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

import structlog

from federation import addresses, http, loop, peers, signing
from federation.documents import Answer
from federation.errors import FederationError, GiveUp, Held, Malformed, TryLater, UnknownPeer
from federation.models import Key

log = structlog.get_logger()
AT_ONCE = 4  # letters to one house
IMPATIENCE = 0.2  # seconds that letters queue behind one connection before another one is opened beside it
STALE = 25.0  # seconds in a lane after which a letter goes back to its row: well within a lease
ASK_AGAIN = 60.0  # seconds, for a house that has left the list
Outcome = Answer | FederationError


@dataclass(eq=False, slots=True)
class Letter:
    """`number` is for who sends it; `more` are headers to sign; `way` is how it is signed, in the end."""

    number: int
    url: str
    body: bytes
    key: Key
    more: Mapping[str, str] = field(default_factory=dict)
    way: str = ""
    talk: bool = False
    since: float = 0.0


Tell = Callable[[Letter, Outcome], None]


def carry(letters: Iterable[Letter], tell: Tell) -> None:
    """Set the letters on their way; `tell`, which must not block, hears once of each, from the loop's thread.

    The allow-list is asked now, for all of them at once.
    """
    leaving = [letter for letter in letters if _can_leave(letter, tell)]
    admitted = peers.admitted(host_of(letter) for letter in leaving)
    loop.soon(partial(_line_up, [letter for letter in leaving if _admitted(letter, admitted, tell)], tell))


def host_of(letter: Letter) -> str:
    return urlsplit(letter.url).netloc


def _can_leave(letter: Letter, tell: Tell) -> bool:
    try:
        letter.url = addresses.as_sent(letter.url)
    except Malformed as error:
        tell(letter, GiveUp(error))
        return False
    return True


def _admitted(letter: Letter, admitted: set[str], tell: Tell) -> bool:
    """A house that has just left the list keeps its letters waiting."""
    try:
        if host_of(letter) not in admitted:
            (peers.admit_talk if letter.talk else peers.admit)(letter.url)
    except UnknownPeer as error:
        tell(letter, Held(error, after=ASK_AGAIN))
        return False
    return True


class Lane:
    """The letters to one house. If it stops answering, those that have not left go back to their rows."""

    def __init__(self) -> None:
        self.waiting: deque[tuple[Letter, Tell]] = deque()
        self.busy = 0
        self.broken = False
        self.way = ""

    def add(self, letter: Letter, tell: Tell) -> None:
        letter.since = asyncio.get_running_loop().time()
        self.waiting.append((letter, tell))
        if not self.busy:
            self.widen()

    def widen(self) -> None:
        """One more letter at a time: not sooner than those before it have shown to be slow, since connections cost."""
        if self.waiting and self.busy < AT_ONCE:
            self.busy += 1
            running = asyncio.get_running_loop()
            task = running.create_task(self.serve())
            _tasks.add(task)
            task.add_done_callback(_tasks.discard)
            running.call_later(IMPATIENCE, self.widen)

    async def serve(self) -> None:
        while self.waiting:
            letter, tell = self.waiting.popleft()
            tell(letter, await self.outcome(letter))
        self.busy -= 1
        self.broken = self.broken and self.busy > 0

    async def outcome(self, letter: Letter) -> Outcome:
        if self.broken or asyncio.get_running_loop().time() - letter.since > STALE:
            return Held("this house is slow")
        try:
            answer = await self.knock(letter)
        except TryLater as error:
            self.broken = True
            return error
        except Exception as fault:  # of ours: whoever sent the letter must hear of it, or would wait for ever
            log.exception("delivery.fault", url=letter.url)
            return TryLater(type(fault).__name__)
        self.broken = answer.status >= 500 or answer.status == 429
        return answer

    async def knock(self, letter: Letter) -> Answer:
        """In the way that the house is known to take; if it does not take that, once more in the other."""
        first, second = signing.ways(self.way or letter.way)
        letter.way = first
        answer = await _knock_in(first, letter)
        if answer.status not in signing.ANOTHER_WAY_MAY_HELP:
            return answer
        again = await _knock_in(second, letter)
        if again.status in signing.ANOTHER_WAY_MAY_HELP:
            # Refused both ways: 401, which may pass, rather than 400, which may mean that they do not know this way.
            return max(answer, again, key=lambda each: each.status)
        if again.status < 300:
            letter.way = self.way = second
        return again


async def _knock_in(way: str, letter: Letter) -> Answer:
    headers = signing.sign(way, "POST", letter.url, letter.body, letter.key, letter.more)
    return await http.hand_over(letter.url, letter.body, headers)


# By process: a forked child has lanes of its own.
_lanes: dict[tuple[int, str], Lane] = {}
_tasks: set[asyncio.Task[None]] = set()


def _line_up(letters: Iterable[Letter], tell: Tell) -> None:
    for letter in letters:
        place = os.getpid(), urlsplit(letter.url).netloc
        lane = _lanes.get(place)
        if lane is None:
            lane = _lanes[place] = Lane()
        lane.add(letter, tell)
