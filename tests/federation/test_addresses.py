"""Which network addresses may be called, and the one form in which a web address is signed and sent."""

import asyncio
import socket

import pytest

from federation import addresses
from federation.errors import Malformed, NotFetched


@pytest.mark.parametrize(
    "ip", ["8.8.8.8", "193.0.6.139", "172.32.0.1", "100.128.0.1", "2a01:e0a::1", "2606:4700::1111"]
)
def test_public_addresses_may_be_called(house, ip):
    addresses.check(ip)


CLOSED = [
    "127.0.0.1", "127.255.255.255", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "100.127.255.255", "198.18.0.1", "198.19.255.255", "192.0.0.1", "192.0.2.1",
    "198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1",
    "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::1", "2001::1", "2001:0:7f00:1::1", "2001:2::1", "2001:db8::1",
    "3fff::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "100::1", "fe80::1%eth0", "2130706433",
    "127.1", "0x7f000001", "localhost",
]  # fmt: skip


@pytest.mark.parametrize("ip", CLOSED)
def test_row_26_other_addresses_may_not(house, ip):
    with pytest.raises(NotFetched):
        addresses.check(ip)


@pytest.mark.parametrize("ip", CLOSED)
def test_in_development_every_address_may_be_called(house, ip):
    house.ALLOW_PRIVATE = True
    addresses.check(ip)


def lookup(host: str, monkeypatch: pytest.MonkeyPatch, *ips: str) -> list[tuple[socket.AddressFamily, str]]:
    """What the resolver makes of a name whose zone holds these addresses."""

    async def asked() -> list[tuple[socket.AddressFamily, str]]:
        async def answer(name, port, **_):
            found = [(socket.AF_INET6 if ":" in ip else socket.AF_INET, ip) for ip in ips or [name]]
            return [(family, socket.SOCK_STREAM, 6, "", (ip, port)) for family, ip in found]

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", answer)
        return await addresses.lookup(host, 443, socket.AF_UNSPEC)

    return asyncio.run(asked())


def test_a_name_with_public_addresses_is_called_at_them(house, monkeypatch):
    found = lookup("martel.example", monkeypatch, "8.8.8.8", "2a01:e0a::1")
    assert found == [(socket.AF_INET, "8.8.8.8"), (socket.AF_INET6, "2a01:e0a::1")]


def test_row_27_one_private_address_condemns_the_name(house, monkeypatch):
    with pytest.raises(OSError, match="not a public address"):
        lookup("martel.example", monkeypatch, "8.8.8.8", "10.0.0.1")


@pytest.mark.parametrize("name", ["localhost", "a.localhost"])
def test_localhost_is_this_machine_in_development_only(house, monkeypatch, name):
    assert lookup(name, monkeypatch, "9.9.9.9") == [(socket.AF_INET, "9.9.9.9")]
    with pytest.raises(OSError, match="not a public address"):
        lookup(name, monkeypatch, "127.0.0.1")
    house.DEVELOPMENT = house.ALLOW_PRIVATE = True
    assert lookup(name, monkeypatch) == [(socket.AF_INET, "127.0.0.1")]
    assert lookup("notlocalhost", monkeypatch, "9.9.9.9") == [(socket.AF_INET, "9.9.9.9")]


def test_the_socket_looks_once_more(house):
    with pytest.raises(OSError, match="not a public address"):
        addresses.open_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443)))
    addresses.open_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))).close()


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://a.example", "https://a.example/"),
        ("https://A.Example:443/Path?q=1#part", "https://a.example/Path?q=1"),
        ("https://a.example.:8443/x", "https://a.example:8443/x"),
        ("https://a.example/%C3%A9?q=%2F&r=a+b", "https://a.example/%C3%A9?q=%2F&r=a+b"),
        ("https://a.example/école?q=é", "https://a.example/%C3%A9cole?q=%C3%A9"),
        ('https://a.example/"<x>', "https://a.example/%22%3Cx%3E"),
        ("https://a.example//b", "https://a.example//b"),
    ],
)
def test_an_address_is_sent_in_one_form(house, url, sent):
    assert addresses.as_sent(url) == sent
    assert addresses.as_sent(sent) == sent


@pytest.mark.parametrize(
    "url", ["http://a.example/", "https://a.example/\ud800", "https://u@a.example/", "/x", "data:x"]
)
def test_what_is_no_address_of_a_house_is_not_sent(house, url):
    with pytest.raises(Malformed):
        addresses.as_sent(url)


def test_the_target_is_path_and_query():
    assert addresses.target_of("https://a.example/x/y?q=1") == "/x/y?q=1"
    assert addresses.target_of("https://a.example/") == "/"
    assert addresses.target_of("https://a.example//b") == "//b"
