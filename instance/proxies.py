"""Which proxies are believed when they say where a request comes from: this machine's own, and those that are named."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.core.exceptions import ImproperlyConfigured

LOOPBACK = ("127.0.0.1", "::1", "")
Network = IPv4Network | IPv6Network


def read(value: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(each) for each in value.replace(",", " ").split())
    except ValueError as error:
        raise ImproperlyConfigured(
            "PREAU_PROXIES must be addresses of the machines whose nginx sends requests here, such as 10.0.0.1 or"
            f" 10.0.0.0/24; left out, this machine alone is believed; it is {value!r}."
        ) from error


@lru_cache(maxsize=256)
def is_one(address: str, known: tuple[Network, ...]) -> bool:
    if address in LOOPBACK:
        return True
    try:
        return any(ip_address(address) in each for each in known)
    except ValueError:
        return False
