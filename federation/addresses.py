"""Where a letter goes: the web address as it is sent, and the network addresses that may be called."""

import asyncio
import errno
import socket
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from django.conf import settings

from federation import peers
from federation.errors import Malformed, NotFetched

PLAIN = "%/:@!$&'()*+,;=~?[]"

# IANA's special-purpose registries. Written out, because what Python calls global differs between its versions.
CLOSED = [
    ip_network(each)
    for each in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23",  # Teredo, benchmarking, ORCHID
        "2001:db8::/32", "3fff::/20",  # documentation
        "2002::/16",  # 6to4 carries any IPv4 address
    )
]  # fmt: skip
UNICAST = ip_network("2000::/3")  # elsewhere: mapped, compatible, NAT64, unique local, link local, multicast


def check(ip: str) -> None:
    """NotFetched for an address that is not a public one, unless this is a development house."""
    if settings.ALLOW_PRIVATE:
        return
    try:
        address = ip_address(ip)
    except ValueError as error:
        raise NotFetched(f"{ip} is not an address") from error
    outside = isinstance(address, IPv6Address) and address not in UNICAST
    if outside or any(address in network for network in CLOSED):
        raise NotFetched(f"{ip} is not a public address")


async def lookup(host: str, port: int, family: int) -> list[tuple[socket.AddressFamily, str]]:
    """The addresses of a name, asked for once; a single one that may not be called condemns them all. OSError."""
    if settings.DEVELOPMENT and f".{host}".endswith(".localhost"):
        host = "127.0.0.1"
    found = await asyncio.get_running_loop().getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
    for *_, address in found:
        must_be_callable(str(address[0]))
    return [(kind, str(address[0])) for kind, *_, address in found]


def open_socket(target: tuple[Any, ...]) -> socket.socket:
    """The last look, at the very address that is called: a URL may hold one, and nobody looks that up. OSError."""
    family, kind, protocol, _, address = target
    must_be_callable(str(address[0]))
    return socket.socket(family, kind, protocol)


def must_be_callable(ip: str) -> None:
    """`check`, as network code expects to hear of it."""
    try:
        check(ip)
    except NotFetched as error:
        raise PermissionError(errno.EACCES, str(error)) from error


def as_sent(url: str) -> str:
    """The absolute address in the one form that is both signed and sent: no fragment, ASCII. Malformed otherwise."""
    authority = peers.authority_of(url)
    parts = urlsplit(url)
    try:
        path, query = quote(parts.path or "/", safe=PLAIN), quote(parts.query, safe=PLAIN)
    except UnicodeEncodeError as error:
        raise Malformed("not a URI we can read") from error
    return urlunsplit((parts.scheme, authority, path, query, ""))


def target_of(url: str) -> str:
    """path[?query] of an address made by `as_sent`."""
    return "/" + url.split("/", 3)[3]
