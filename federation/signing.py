"""Two ways to sign what leaves: a house that does not take the one is knocked at once more in the other.

Each house is remembered by the way it took (`Peer.knocks_with`).
"""

from collections.abc import Mapping

from federation import message_signatures, signatures
from federation.models import Key, Peer

CAVAGE, RFC9421 = "cavage", "rfc9421"
SIGN = {CAVAGE: signatures.sign, RFC9421: message_signatures.sign}
ANOTHER_WAY_MAY_HELP = (400, 401)  # a 403 is about who we are


def ways(known: str) -> tuple[str, str]:
    """The way to try first, and the other: the older one first with a house of which nothing is known."""
    return (RFC9421, CAVAGE) if known == RFC9421 else (CAVAGE, RFC9421)


def remember(learned: Mapping[str, str]) -> None:
    """Which way each of these hosts took, when it was not the one that was tried first."""
    for way in SIGN:
        if hosts := [host for host, took in learned.items() if took == way]:
            Peer.objects.filter(host__among=hosts).update(knocks_with=way)


def sign(way: str, method: str, url: str, body: bytes | None, key: Key, more: Mapping[str, str]) -> dict[str, str]:
    return SIGN[way](method, url, body, key, more)
