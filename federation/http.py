"""The only door out: each call passes the allow-list, then a check of addresses, a deadline and a size limit.

The database is asked in the caller's thread, before the call is handed to the event loop.
"""

import asyncio
import atexit
import os
import socket
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from django.conf import settings
from yarl import URL

from federation import addresses, documents, loop, peers, signatures
from federation.documents import Answer as Answer
from federation.errors import GiveUp, Malformed, NotFetched, TryLater, Undelivered, UnknownPeer
from federation.models import Key
from federation.vocabulary import ACTIVITY_JSON, LD_JSON

DEADLINE = 10.0  # seconds for a whole call, redirects and body included
CONNECT = 5.0
BATCH = 40.0  # after which the rest of a batch waits for its next turn: less than a delivery's lease
COURTESY = 1.0  # for what they add to the status of a letter
AT_ONCE = 4  # letters to one house
LIMIT = 1_000_000
HOPS = 3
REDIRECTS = (301, 302, 303, 307, 308)
ACCEPT = f"{ACTIVITY_JSON}, {LD_JSON}"
TROUBLE = (aiohttp.ClientError, OSError)  # TimeoutError is an OSError
Who = peers.Admission


@dataclass(frozen=True)
class Letter:
    url: str
    body: bytes
    headers: Mapping[str, str]
    talk: bool = False  # about being partners: it may go to a house that is none, if we are in talks with it


def get(url: str, accept: str, signer_key: Key | None = None, limit: int = LIMIT, admit: Who = peers.admit) -> Answer:
    """What a house answers, whatever its status. UnknownPeer (unless `admit` takes it), Malformed, NotFetched."""
    admit(url)
    return loop.run(_fetch(addresses.as_sent(url), accept, signer_key, limit))


def get_document(url: str, signer_key: Key | None = None, admit: Who = peers.admit) -> dict[str, Any]:
    """An ActivityStreams document, from the address that is its id.

    What names another id of the same house is asked for there, once: read the id of what comes back.
    """
    answer = get(url, accept=ACCEPT, signer_key=signer_key, admit=admit)
    found = documents.read(answer)
    if not documents.is_at_home(found, answer):
        answer = get(documents.own_id(found, answer), accept=ACCEPT, signer_key=signer_key, admit=admit)
        found = documents.read(answer)
        if not documents.is_at_home(found, answer):
            raise NotFetched(f"{answer.url} calls itself something else")
    return found


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """One letter, now. UnknownPeer, Malformed, TryLater."""
    peers.admit(url)
    ((_, answer),) = post_each([Letter(url, body, headers)])
    if isinstance(answer, Undelivered):
        raise answer
    return answer


def post_each(letters: Sequence[Letter]) -> Iterator[tuple[int, Answer | Undelivered]]:
    """The place and the outcome of each, as it comes. Houses are served side by side, each at its own pace."""
    return loop.each(_post_all([(letter, _admitted(letter)) for letter in letters]))


def _admitted(letter: Letter) -> str | Undelivered:
    """The address to call. A house that has just left the list keeps its letters waiting."""
    try:
        (peers.admit_talk if letter.talk else peers.admit)(letter.url)
        return addresses.as_sent(letter.url)
    except UnknownPeer as error:
        return TryLater(error)
    except Malformed as error:
        return GiveUp(error)


# --- What follows runs on the event loop: no database here. ---


async def _fetch(url: str, accept: str, signer_key: Key | None, limit: int) -> Answer:
    seen: set[str] = set()
    with _told_as(NotFetched):
        async with asyncio.timeout(DEADLINE):
            while len(seen) <= HOPS and url not in seen:
                seen.add(url)
                headers = signatures.sign("GET", url, None, signer_key) if signer_key else {}
                async with _call("GET", url, {**headers, "accept": accept}) as response:
                    answer = Answer(response.status, _lower(response), await _body(response, limit), url)
                if answer.status not in REDIRECTS:
                    return answer
                url = _next_hop(answer)
    raise NotFetched(f"{url} is redirected too often")


def _next_hop(answer: Answer) -> str:
    """A redirect within the same house, by the same scheme; its signature is made anew."""
    try:
        url = addresses.as_sent(urljoin(answer.url, answer.headers.get("location", "")))
    except (Malformed, ValueError) as error:
        raise NotFetched(f"{answer.url} redirects to nowhere") from error
    if urlsplit(url)[:2] != urlsplit(answer.url)[:2]:
        raise NotFetched(f"{answer.url} redirects to another house")
    return url


class Lane:
    """A few letters at a time to one house. If it stops answering, the rest of the batch waits for another turn."""

    def __init__(self) -> None:
        self.slots = asyncio.Semaphore(AT_ONCE)
        self.until = asyncio.get_running_loop().time() + BATCH
        self.trouble: TryLater | None = None

    async def carry(self, letter: Letter, url: str) -> Answer | Undelivered:
        async with self.slots:
            if self.trouble is None and asyncio.get_running_loop().time() > self.until:
                self.trouble = TryLater("this house is slow")
            if self.trouble is None:
                try:
                    return await _post(letter, url)
                except TryLater as error:
                    self.trouble = error
            return self.trouble


async def _post_all(
    letters: Sequence[tuple[Letter, str | Undelivered]],
) -> AsyncIterator[tuple[int, Answer | Undelivered]]:
    lanes: dict[str, Lane] = {}

    async def outcome(place: int, letter: Letter, url: str | Undelivered) -> tuple[int, Answer | Undelivered]:
        if isinstance(url, Undelivered):
            return place, url
        host = urlsplit(url).netloc
        lane = lanes[host] = lanes.get(host) or Lane()
        return place, await lane.carry(letter, url)

    for done in asyncio.as_completed([outcome(place, *each) for place, each in enumerate(letters)]):
        yield await done


async def _post(letter: Letter, url: str) -> Answer:
    with _told_as(TryLater):
        async with asyncio.timeout(DEADLINE):
            try:
                return await _hand_over(letter, url)
            except aiohttp.ServerDisconnectedError:
                # Most often a kept connection that they had just closed. An inbox takes nothing twice, so: again.
                return await _hand_over(letter, url)


async def _hand_over(letter: Letter, url: str) -> Answer:
    """Redirects are answers like others. Once there is a status, nothing that follows makes it a failure."""
    async with _call("POST", url, letter.headers, letter.body) as response:
        body = b""
        with suppress(NotFetched, *TROUBLE):
            async with asyncio.timeout(COURTESY):
                body = await _body(response, LIMIT)
        return Answer(response.status, _lower(response), body, url)


@contextmanager
def _told_as(error_class: type[NotFetched] | type[TryLater]) -> Iterator[None]:
    try:
        yield
    except TROUBLE as error:
        raise error_class(f"{type(error).__name__}: {error}"[:200]) from error


@asynccontextmanager
async def _call(
    method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
) -> AsyncIterator[aiohttp.ClientResponse]:
    ours = {"user-agent": f"Preau/{settings.VERSION} (+{settings.ORIGIN}/)", "accept-encoding": "identity"}
    async with _session().request(
        method, URL(url, encoded=True), headers={**headers, **ours}, data=body, allow_redirects=False
    ) as response:
        yield response


async def _body(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """At most `limit` bytes, refused as soon as there are more; nothing is ever inflated."""
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise NotFetched(f"{response.url} answered compressed")
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > limit:
            raise NotFetched(f"{response.url} is larger than {limit} bytes")
    return bytes(body)


def _lower(response: aiohttp.ClientResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


_sessions: dict[int, aiohttp.ClientSession] = {}


def _session() -> aiohttp.ClientSession:
    """One per process, for its open connections. No cookies, no proxy from the environment, no cached names."""
    if os.getpid() not in _sessions:
        _sessions[os.getpid()] = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=CheckedResolver(), use_dns_cache=False, socket_factory=addresses.open_socket
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT),
            auto_decompress=False,
            trust_env=False,
        )
    return _sessions[os.getpid()]


@atexit.register
def _close() -> None:
    if session := _sessions.pop(os.getpid(), None):
        loop.run(session.close())


class CheckedResolver(AbstractResolver):
    """Names are asked for by `addresses.lookup`, once for each new connection."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=ip, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST)
            for kind, ip in await addresses.lookup(host, port, family)
        ]

    async def close(self) -> None:
        """Nothing is kept."""
