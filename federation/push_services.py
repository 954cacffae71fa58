"""The second, narrow way out of `federation.http`: what is sealed for a device, to the push service of its choice.

The allow-list of houses has no say: which services there are is for the makers of telephones and browsers to decide. So
this way leads to public https addresses by their names only, carries what nobody on the way can read, follows no
redirect, takes no cookie and reads next to nothing of what is answered.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from federation import addresses, http, loop, names, peers
from federation.documents import Answer
from federation.errors import Malformed, TryLater

LONGEST = 2000
SMALL = 4_000  # bytes of an answer; nothing of them is used
NAME = re.compile(r"([a-z0-9-]+\.)+[a-z][a-z0-9-]*")  # no number in whatever base, no name of an inner network
Outcome = Answer | TryLater | Malformed


@dataclass(frozen=True)
class Ring:
    """One message for one device, sealed and signed already."""

    endpoint: str
    body: bytes
    headers: Mapping[str, str]


def checked(endpoint: object) -> str:
    """The address of a push service in the form in which it is called; Malformed for anything else.

    Where its name leads is looked at when it is called: it may change.
    """
    if not isinstance(endpoint, str) or len(endpoint) > LONGEST:
        raise Malformed("not the address of a push service")
    authority = peers.authority_of(endpoint)
    if not settings.DEVELOPMENT and not NAME.fullmatch(authority):  # another port than 443 is in the authority
        raise Malformed("push services have a name and the usual port")
    if authority in names.ours():
        raise Malformed("this is our own house")
    return addresses.as_sent(endpoint)


def audience(endpoint: str) -> str:
    """The origin that a signed message is for (RFC 8292, 2)."""
    url = checked(endpoint)
    return f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"


def ring_all(rings: Sequence[Ring]) -> list[Outcome]:
    """What became of each, in their order: an answer whatever its status, TryLater or Malformed. All at once."""
    return loop.run(_ring_all(rings))


async def _ring_all(rings: Sequence[Ring]) -> list[Outcome]:
    return await asyncio.gather(*(_ring(each) for each in rings))


async def _ring(ring: Ring) -> Outcome:
    try:
        return await http.hand_over(checked(ring.endpoint), ring.body, ring.headers, SMALL)
    except (TryLater, Malformed) as reason:
        return reason
