"""Who is on the line, and what they are told: hints come in, the house is asked who may know, frames go out."""

import asyncio
from collections import Counter, deque

import structlog

from instance.streaming.asking import House, Silent
from instance.streaming.lines import POLICY, Line
from instance.streaming.refusals import Full
from instance.streaming.streams import Stream

log = structlog.get_logger()
LINES, LINES_OF_ONE = 4000, 24
HINTS = 1000  # that wait to be told on; beyond, the oldest are forgotten: clients ask again now and then
TOGETHER = 20  # hints about which the house is asked at once
CHECKED, BEAT = 2.0, 15.0  # seconds between two looks at whose token is still good, and between two signs of life
UNANSWERED = 30  # looks in a row without an answer, after which nobody's is; such a house tells nothing either


class Hub:
    """Everything here happens on one event loop, but for `heard`."""

    def __init__(self, house: House, most: int = LINES) -> None:
        self.house, self.most = house, most
        self.lines: set[Line] = set()
        self.of_one: Counter[int] = Counter()
        self.channels: dict[str, dict[int, set[tuple[Line, Stream]]]] = {}
        self.hints: deque[tuple[str, list[int]]] = deque(maxlen=HINTS)
        self.rung = asyncio.Event()
        self.loop: asyncio.AbstractEventLoop | None = None
        self.tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """On the loop that serves, with the first line; `heard` says nothing before."""
        if self.loop is None:
            self.loop = asyncio.get_running_loop()
            self.tasks = [self.loop.create_task(work()) for work in (self.tell_on, self.check, self.beat)]

    def heard(self, kind: str, ids: list[int]) -> None:
        """From any thread: something happened."""
        if self.loop is not None and self.lines and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.note, kind, ids)

    def note(self, kind: str, ids: list[int]) -> None:
        self.hints.append((kind, ids))
        self.rung.set()

    # --- Lines ---

    def open(self, line: Line) -> None:
        """Full when there are too many."""
        reader = line.permit.reader
        if len(self.lines) >= self.most or self.of_one[reader] >= LINES_OF_ONE:
            raise Full
        self.start()
        self.lines.add(line)
        self.of_one[reader] += 1

    def listen(self, line: Line, stream: Stream) -> None:
        line.streams[stream] = stream.channels(line.permit.scopes)
        for channel in line.streams[stream]:
            self.channels.setdefault(channel, {}).setdefault(line.permit.reader, set()).add((line, stream))

    def leave(self, line: Line, stream: Stream) -> None:
        reader = line.permit.reader
        for channel in line.streams.pop(stream, []):
            readers = self.channels[channel]
            readers[reader].discard((line, stream))
            if not readers[reader]:
                del readers[reader]
            if not readers:
                del self.channels[channel]

    def close(self, line: Line) -> None:
        """The line is no more."""
        line.over = True
        if line in self.lines:
            self.lines.discard(line)
            self.of_one[line.permit.reader] -= 1
            if not self.of_one[line.permit.reader]:
                del self.of_one[line.permit.reader]
            for stream in list(line.streams):
                self.leave(line, stream)

    def close_all(self, code: int) -> None:
        for line in list(self.lines):
            line.close(code)

    # --- What goes on beside them ---

    async def tell_on(self) -> None:
        while True:
            await self.rung.wait()
            some = [self.hints.popleft() for _ in range(min(TOGETHER, len(self.hints)))]
            if not self.hints:
                self.rung.clear()
            try:
                await self.tell(some)
            except Silent as reason:
                log.warning("streaming.not_told", hints=len(some), reason=str(reason))
            except Exception:
                log.exception("streaming.failed")

    async def tell(self, hints: list[tuple[str, list[int]]]) -> None:
        """Silent."""
        listening = {channel: list(readers) for channel, readers in self.channels.items()}
        if listening and hints:
            for each in await self.house.ask("tell", hints=hints, listening=listening):
                self.pass_on(each["event"], each["payload"], each["to"])

    def pass_on(self, event: str, payload: str | None, to: dict[str, list[int]]) -> None:
        """To every line of these readers, by whichever of its streams the event comes."""
        reached: dict[Line, list[Stream]] = {}
        for channel, readers in to.items():
            there = self.channels.get(channel, {})
            for reader in readers:
                for line, stream in there.get(reader, ()):
                    if stream not in reached.setdefault(line, []):
                        reached[line].append(stream)
        for line, streams in reached.items():
            line.tell(event, payload, streams)

    async def check(self) -> None:
        """Whoever's token is no longer good is off the line within a few seconds; so are all, when nobody can say."""
        unanswered = 0
        while True:
            await asyncio.sleep(CHECKED)
            tokens = sorted({line.permit.token for line in self.lines})
            try:
                alive = set(await self.house.ask("alive", tokens=tokens)) if tokens else set()
                unanswered = 0
            except Exception as reason:  # noqa: BLE001  it is told, and asked again
                log.warning("streaming.not_checked", reason=type(reason).__name__)
                unanswered += 1
                alive = set() if unanswered >= UNANSWERED else set(tokens)
            for line in [each for each in self.lines if each.permit.token in set(tokens) - alive]:
                line.close(POLICY)

    async def beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            for line in list(self.lines):
                line.beat()
