"""The allow-list.

Every arrival, fetch and delivery passes through `admit`.
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from federation.errors import Malformed, UnknownPeer
from federation.models import Peer

log = structlog.get_logger()
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
DEFAULT_PORT = {"https": 443, "http": 80}


def authority_of(uri: object) -> str:
    """`host` or `host:port`, lower-case, of a web address; Malformed for what two parsers could read apart."""
    if not isinstance(uri, str) or len(uri) > 2048 or re.search(r"[\s\\\x00-\x1f\x7f]", uri):
        raise Malformed("not a URI we can read")
    try:
        parts = urlsplit(uri)
        port = parts.port
        host = (parts.hostname or "").rstrip(".").encode("idna").decode().lower()
    except ValueError as error:
        raise Malformed("not a URI we can read") from error
    if parts.scheme not in schemes() or "@" in parts.netloc or "%" in parts.netloc or not HOST.fullmatch(host):
        raise Malformed("not a web address of a house")
    return host if port in (None, DEFAULT_PORT[parts.scheme]) else f"{host}:{port}"


def schemes() -> tuple[str, ...]:
    return ("https", "http") if settings.DEVELOPMENT else ("https",)


def origin_of(host: str) -> str:
    """Where a house is reached: https, but for the loopback houses of development."""
    return f"{'http' if settings.DEVELOPMENT else 'https'}://{host}"


def lives_at(uri: object, host: str) -> bool:
    """Whether this is a web address of that house; what cannot be read is nobody's."""
    try:
        return authority_of(uri) == host
    except Malformed:
        return False


def is_ours(uri: str) -> bool:
    return lives_at(uri, settings.HOST)


def admit(uri: str) -> Peer:
    """The active peer that serves `uri`, or UnknownPeer: asked before any name is resolved."""
    host = authority_of(uri)
    peer = Peer.objects.filter(host=host, state="active").first()
    if peer is None:
        log.info("peer.refused", host=host)
        raise UnknownPeer(f"{host} is not a partner")
    return peer


def admit_talk(uri: str) -> Peer:
    """The peer that serves `uri`, active or not yet, for the letters by which partners find each other."""
    host = authority_of(uri)
    peer = Peer.objects.filter(host=host).exclude(state="blocked").first()
    if peer is None:
        log.info("peer.refused", host=host)
        raise UnknownPeer(f"{host} is nobody that we talk with")
    return peer


def admitted(hosts: Iterable[str]) -> set[str]:
    """Those of many hosts that `admit` would admit, asked in one go."""
    return set(open_hosts().filter(host__in=set(hosts)))


def open_hosts() -> QuerySet[Peer, str]:
    """The houses on the list that are not suspended, for use within a query."""
    return Peer.objects.filter(state="active").values_list("host", flat=True)


def house_of_domain(domain: str) -> str:
    """The host that answers for the handles of a domain: the peer that goes by it, or the domain itself."""
    peer = Peer.objects.filter(account_domain=domain.lower(), state="active").first()
    return peer.host if peer else domain.lower()


def partners() -> QuerySet[Peer]:
    """Active peers that hold to Préau's audiences: only they count as partners (see FEDERATION.md, Audience)."""
    return Peer.objects.filter(state="active", speaks_preau=True)


@transaction.atomic
def add(host: str, account_domain: str = "") -> Peer:
    """Put a house on the allow-list; what it says of itself is learned afterwards (`actors.neighbours.learn`).

    `account_domain` is where its handles live, when an admin knows it to be another domain than its host.
    """
    host = authority_of(f"https://{host}".replace("https://https://", "https://").rstrip("/"))
    if host == settings.HOST:
        raise Malformed("this is our own house")
    peer, new = Peer.objects.get_or_create(host=host, defaults={"state": "active"})
    if account_domain:
        peer.account_domain = authority_of(f"https://{account_domain}")
        peer.save(update_fields=["account_domain"])
    log.info("peer.added", host=host, new=new)
    return peer


def suspend(peer: Peer) -> None:
    """Nothing arrives from it, nothing leaves for it, until it is resumed; rows owed to it wait."""
    peer.step("suspended")
    log.info("peer.suspended", host=peer.host)


def resume(peer: Peer) -> None:
    peer.step("active")
    log.info("peer.resumed", host=peer.host)
