"""The allow-list.

Every arrival, fetch and delivery passes through `admit`; letters about being partners, and these alone, may pass
through `admit_talk`.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from federation import allowances, names
from federation.errors import Malformed, UnknownPeer
from federation.models import Key, Peer

log = structlog.get_logger()
Admission = Callable[[str], Peer]
TALKING = ("offered", "requested", "active", "declined", "refused", "revoked")
SHUT_OUT = ("suspended", "revoked", "blocked")  # where federation is open; elsewhere, all that is not active
OVER = ("revoked", "blocked")
KNOW_US = (*TALKING, "suspended")  # by the name that we had when they last heard of us
BY_HAND = ("guest", "offered", "declined", "refused", "revoked")  # whom an admin may put on the list without a word
GUESTS = 5_000
FULL = 10.0  # seconds between two looks for guests who make room
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
DOTS = re.compile("[.\u3002\uff0e\uff61]")  # that IDNA takes for dots
DEFAULT_PORT = {"https": 443, "http": 80}


def authority_of(uri: object) -> str:
    """`host` or `host:port`, lower-case, of a web address; Malformed for what two parsers could read apart."""
    if not isinstance(uri, str) or len(uri) > 2048:
        raise Malformed("not a URI we can read")
    return _authority(uri, schemes())


@lru_cache(maxsize=2048)
def _authority(uri: str, schemes: tuple[str, ...]) -> str:
    if re.search(r"[\s\\\x00-\x1f\x7f]", uri):
        raise Malformed("not a URI we can read")
    try:
        parts = urlsplit(uri)
        port = parts.port
        host = ascii_of(parts.hostname or "")
    except ValueError as error:
        raise Malformed("not a URI we can read") from error
    if parts.scheme not in schemes or "@" in parts.netloc or "%" in parts.netloc or not HOST.fullmatch(host):
        raise Malformed("not a web address of a house")
    return host if port in (None, DEFAULT_PORT[parts.scheme]) else f"{host}:{port}"


def ascii_of(name: str) -> str:
    """A name as the DNS knows it, and in no time: what is too long for it is looked at no further (ValueError)."""
    if len(name) > 253 or any(len(label) > 63 for label in DOTS.split(name)):
        raise ValueError("too long a name")
    return name.rstrip(".").encode("idna").decode().lower()


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
    """Under whichever name of ours."""
    return any(lives_at(uri, host) for host in names.ours())


def admit(uri: str) -> Peer:
    """The peer that serves `uri` and is on the list, or UnknownPeer: asked before any name is resolved.

    Where federation is open, whoever was not shut out is on it, and becomes known on first contact.
    """
    host = authority_of(uri)
    return open_peers().filter(host=host).first() or welcome(host)


def welcome(host: str) -> Peer:
    """A guest where federation is open; UnknownPeer otherwise."""
    open_to_it = settings.FEDERATION == "open" and host not in names.ours()
    if open_to_it and not Peer.objects.filter(host=host).exists() and has_room():
        return Peer.objects.get_or_create(host=host, defaults={"state": "guest"})[0]
    log.info("peer.refused", host=host)
    raise UnknownPeer(f"{host} is not a partner")


def has_room() -> bool:
    """At most so many guests; those that never proved who they are make room, oldest first, a tenth of all at a time.

    Who has proven itself takes long to tell among so many: it is not asked at each knock.
    """
    guests = Peer.objects.filter(state="guest")
    if guests.count() < GUESTS:
        return True
    if not allowances.spend("guests", "", 1, 1 / FULL):
        return False
    proofs = Key.objects.filter(uri__startswith=Concat(Value(origin_of("")), OuterRef("host"), Value("/")))
    idle = guests.filter(~Exists(proofs)).order_by("pk").values_list("pk", flat=True)[: max(1, GUESTS // 10)]
    return bool(Peer.objects.filter(pk__among=list(idle), state="guest").delete()[0])


def admit_talk(uri: str) -> Peer:
    """The peer that serves `uri`, if letters about being partners may come from it and go to it; else UnknownPeer."""
    peer = in_talks().filter(host=authority_of(uri)).first()
    if peer is None:
        raise UnknownPeer(f"{authority_of(uri)} is not talked with")
    return peer


def only(host: str) -> Admission:
    """For a house that an admin has just decided to call, whatever its state: this one, and no other."""

    def admit_it(uri: str) -> Peer:
        if authority_of(uri) != host:
            raise UnknownPeer(f"{authority_of(uri)} is not {host}")
        return Peer(host=host)

    return admit_it


def open_peers() -> QuerySet[Peer]:
    """The houses that may reach us and be reached: those on the list, or all but those that were shut out."""
    if settings.FEDERATION == "open":
        return Peer.objects.exclude(state__in=SHUT_OUT)
    return Peer.objects.filter(state="active")


def in_talks() -> QuerySet[Peer]:
    return Peer.objects.filter(state__in=TALKING)


def only_in_talks() -> QuerySet[Peer]:
    """Those of them that are not on the list: nothing but talk passes between us."""
    on_the_list = set(TALKING) - set(SHUT_OUT) if settings.FEDERATION == "open" else {"active"}
    return Peer.objects.filter(state__in=set(TALKING) - on_the_list)


def admitted(hosts: Iterable[str]) -> set[str]:
    """Those of many hosts that `admit` would admit, asked in one go."""
    return set(open_hosts().filter(host__among=set(hosts)))


def open_hosts() -> QuerySet[Peer, str]:
    """The hosts of `open_peers`, for use within a query."""
    return open_peers().values_list("host", flat=True)


def over_hosts() -> QuerySet[Peer, str]:
    """The hosts of the houses with which it is over."""
    return Peer.objects.filter(state__in=OVER).values_list("host", flat=True)


def suspended_hosts() -> QuerySet[Peer, str]:
    return Peer.objects.filter(state="suspended").values_list("host", flat=True)


def over_among(hosts: Iterable[str]) -> set[str]:
    return set(over_hosts().filter(host__among=set(hosts)))


def house_of_domain(domain: str) -> str:
    """The host that answers for the handles of a domain: the house of that name, else the peer that goes by it."""
    domain = domain.lower()
    known = open_peers().filter(Q(host=domain) | Q(account_domain=domain))
    hosts = set(known.values_list("host", flat=True))
    return domain if domain in hosts or not hosts else min(hosts)


def partners() -> QuerySet[Peer]:
    """Active peers that hold to Préau's audiences: only they count as partners (see FEDERATION.md, Audience)."""
    return Peer.objects.filter(state="active", speaks_preau=True)


@transaction.atomic
def add(host: str, account_domain: str = "") -> Peer:
    """Put a house on the allow-list by hand, without asking it; what it says of itself is learned afterwards.

    `account_domain` is where its handles live, when an admin knows it to be another domain than its host. A house that
    is suspended or blocked stays so, and one that asked waits for its answer.
    """
    host = host_named(host)
    peer, new = Peer.objects.get_or_create(host=host, defaults={"state": "active"})
    if peer.state in BY_HAND:
        peer.step("active")
    if account_domain:
        peer.account_domain = authority_of(f"https://{account_domain}")
        peer.save(update_fields=["account_domain"])
    log.info("peer.added", host=host, state=peer.state, new=new)
    return peer


def host_named(said: str) -> str:
    """The host that an admin means by a name or an address; Malformed when it is none, or ours."""
    host = authority_of(f"https://{said.strip()}".replace("https://https://", "https://").rstrip("/"))
    if host in names.ours():
        raise Malformed("this is our own house")
    return host


def suspend(peer: Peer, *along: Peer) -> None:
    """Nothing arrives from it, nothing leaves for it, until it is resumed; rows owed to it wait.

    Other names of it go along, from the same moment: by that they are known when it is resumed.
    """
    peer.step("suspended")
    for each in along:
        each.step("suspended", state_since=peer.state_since)
    log.info("peer.suspended", host=peer.host)


def resume(peer: Peer, *along: Peer) -> None:
    for each in (peer, *along):
        each.step("active")
    log.info("peer.resumed", host=peer.host)
