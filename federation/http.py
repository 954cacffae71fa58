"""The only door out: each call passes the allow-list, then a check of addresses, a deadline and a size limit.

The database is asked in the caller's thread, before the call is handed to the event loop.
"""

import asyncio
import atexit
import os
import socket
import ssl
import time
from asyncio import sslproto
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from django.conf import settings
from yarl import URL

from federation import addresses, documents, loop, peers, signing
from federation.documents import Answer
from federation.errors import Malformed, NotBelieved, NotFetched, TryLater
from federation.models import Key
from federation.vocabulary import ACTIVITY_JSON, LD_JSON

__all__ = ["Answer", "get", "get_document", "hand_over", "post"]

DEADLINE = 10.0  # seconds for a whole call: redirects, body, a second knock and a second address included
CONNECT = 5.0
KEEP = 30.0  # for which a connection is kept open for the next letter
COURTESY = 1.0  # for what they add to the status of a letter
LIMIT = 1_000_000
HOPS = 3
REDIRECTS = (301, 302, 303, 307, 308)
ACCEPT = f"{ACTIVITY_JSON}, {LD_JSON}"
TROUBLE = (aiohttp.ClientError, OSError)  # TimeoutError is an OSError
Who = peers.Admission


@dataclass(frozen=True)
class Question:
    """What is asked of a house, how, by whom; and until when, whatever it takes to have it answered."""

    url: str
    accept: str
    key: Key | None = None
    limit: int = LIMIT
    admit: Who = peers.admit
    until: float = field(default_factory=lambda: time.monotonic() + DEADLINE)


def get(url: str, accept: str, signer_key: Key | None = None, limit: int = LIMIT, admit: Who = peers.admit) -> Answer:
    """What a house answers, whatever its status. UnknownPeer (unless `admit` takes it), Malformed, NotFetched.

    A signature that it does not take is made once more in the other way, and the way that it took is remembered.
    """
    return _get(Question(url, accept, signer_key, limit, admit))


def _get(asked: Question) -> Answer:
    peer = asked.admit(asked.url)
    if asked.key is None:
        return loop.run(_fetch(asked))
    first, second = signing.ways(peer.knocks_with)
    answer = loop.run(_fetch(asked, first))
    if answer.status in signing.ANOTHER_WAY_MAY_HELP:
        again = loop.run(_fetch(asked, second))
        if again.status < 300:
            signing.remember({peer.host: second})
            return again
    return answer


def get_document(url: str, signer_key: Key | None = None, admit: Who = peers.admit) -> dict[str, Any]:
    """An ActivityStreams document, from the address that is its id.

    What names another id of the same house is asked for there, once: read the id of what comes back.
    """
    asked = Question(url, ACCEPT, signer_key, admit=admit)
    answer = _get(asked)
    found = documents.read(answer)
    if not documents.is_at_home(found, answer):
        answer = _get(replace(asked, url=documents.own_id(found, answer)))
        found = documents.read(answer)
        if not documents.is_at_home(found, answer):
            raise NotBelieved(f"{answer.url} calls itself something else")
    return found


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """One letter, signed already, now. UnknownPeer, Malformed, TryLater."""
    peers.admit(url)
    return loop.run(hand_over(addresses.as_sent(url), body, headers))


# --- What follows runs on the event loop: no database here. ---


async def _fetch(asked: Question, way: str = "") -> Answer:
    url, seen = addresses.as_sent(asked.url), set[str]()
    with _told_as(NotFetched):
        async with asyncio.timeout(asked.until - time.monotonic()):
            while len(seen) <= HOPS and url not in seen:
                seen.add(url)
                headers = signing.sign(way, "GET", url, None, asked.key, {}) if asked.key else {}
                answer = await look(url, {**headers, "accept": asked.accept}, asked.limit)
                if answer.status not in REDIRECTS:
                    return answer
                url = _next_hop(answer)
    raise NotBelieved(f"{url} is redirected too often")


async def look(url: str, headers: Mapping[str, str], limit: int) -> Answer:
    """Whatever its status: redirects are answers like others."""
    with _told_as(NotFetched):
        async with _call("GET", url, headers) as response:
            return Answer(response.status, _lower(response), await _body(response, limit), url)


def _next_hop(answer: Answer) -> str:
    """A redirect within the same house, by the same scheme; its signature is made anew."""
    try:
        url = addresses.as_sent(urljoin(answer.url, answer.headers.get("location", "")))
    except (Malformed, ValueError) as error:
        raise NotBelieved(f"{answer.url} redirects to nowhere") from error
    if urlsplit(url)[:2] != urlsplit(answer.url)[:2]:
        raise NotBelieved(f"{answer.url} redirects to another house")
    return url


async def hand_over(url: str, body: bytes, headers: Mapping[str, str], limit: int = LIMIT) -> Answer:
    """A letter to an admitted house, by an address made by `as_sent`: what it answers, or TryLater."""
    with _told_as(TryLater):
        async with asyncio.timeout(DEADLINE):
            try:
                return await _hand_over(url, body, headers, limit)
            except aiohttp.ServerDisconnectedError:
                # Most often a kept connection that they had just closed. An inbox takes nothing twice, so: again.
                return await _hand_over(url, body, headers, limit)


async def _hand_over(url: str, body: bytes, headers: Mapping[str, str], limit: int) -> Answer:
    """Redirects are answers like others. Once there is a status, nothing that follows makes it a failure."""
    async with _call("POST", url, headers, body) as response:
        said = b""
        with suppress(NotFetched, *TROUBLE):
            async with asyncio.timeout(COURTESY):
                said = await _body(response, limit)
        return Answer(response.status, _lower(response), said, url)


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
        raise NotBelieved(f"{response.url} answered compressed")
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > limit:
            raise NotBelieved(f"{response.url} is larger than {limit} bytes")
    return bytes(body)


async def certificate(host: str, port: int) -> dict[str, Any]:
    """What is shown under this name, once it is verified; ssl.SSLError or OSError otherwise."""
    (_, ip), *_ = await addresses.lookup(host, port, socket.AF_UNSPEC)
    _, writer = await asyncio.open_connection(ip, port, ssl=ssl.create_default_context(), server_hostname=host)
    writer.close()
    return dict(writer.get_extra_info("peercert"))


def _lower(response: aiohttp.ClientResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


_sessions: dict[int, aiohttp.ClientSession] = {}


# Each TLS connection keeps a buffer of this size for as long as it is open: one record, not sixteen.
sslproto.SSLProtocol.max_size = 16 * 1024


def _session() -> aiohttp.ClientSession:
    """One per process, for its open connections. No cookies, no proxy from the environment, no cached names."""
    if os.getpid() not in _sessions:
        loop.allow_files()
        _sessions[os.getpid()] = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=CheckedResolver(),
                use_dns_cache=False,
                socket_factory=addresses.open_socket,
                limit=0,  # lanes and the number of threads bound it: who is slow must not take the place of others
                keepalive_timeout=KEEP,
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
