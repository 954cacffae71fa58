"""The narrow way out to push services: where it does not lead, and what it does not carry."""

import asyncio
import socket

import pytest

from federation import addresses, http, push_services
from federation.documents import Answer
from federation.errors import Malformed, TryLater
from federation.push_services import Ring
from tests.federation.hostile import Hostile, drip, elapsed, reply


@pytest.fixture
def service():
    """A push service on loopback: on no list."""
    found = Hostile()
    found.pages["/device"] = reply(201)
    yield found
    found.stop()


@pytest.fixture
def names(monkeypatch):
    """Names lead where a test says; and which ones were looked up."""
    leads: dict[str, str] = {}
    real = asyncio.BaseEventLoop.getaddrinfo

    async def getaddrinfo(self, host, port, **kwargs):
        if host in leads:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (leads[host], port))]
        return await real(self, host, port, **kwargs)

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return leads


def ring(endpoint, body=b"sealed", **headers):
    (outcome,) = push_services.ring_all([Ring(endpoint, body, headers)])
    return outcome


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example/device",
        "https://127.0.0.1/device",
        "https://2130706433/device",
        "https://0x7f.1/device",
        "https://0x7f000001/device",
        "https://[::1]/device",
        "https://[::ffff:7f00:1]/device",
        "https://10.0.0.1/device",
        "https://169.254.169.254/latest/meta-data/",
        "https://93.184.215.14/device",  # a public one, but no push service goes by a number
        "https://localhost/device",
        "https://postgres/device",
        "https://push.example:8443/device",
        "https://push.example:22/device",
        "https://someone@push.example/device",
        "https://push.example\\@127.0.0.1/device",
        "https://push.example/a b",
        "https://push.example/\x00",
        "https://beauval.example/ap/inbox",  # ourselves
        "https://push.example/" + "a" * 2000,
        "ftp://push.example/",
        "//push.example/",
        "",
        None,
        {"url": "https://push.example/"},
    ],
)
def test_this_way_leads_to_named_https_services_only(house, names, endpoint):
    with pytest.raises(Malformed):
        push_services.checked(endpoint)
    assert isinstance(ring(endpoint), Malformed)


@pytest.mark.parametrize("ip", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "0.0.0.0", "192.168.1.1"])
def test_a_public_name_that_leads_inside_is_not_called(house, names, service, ip):
    names["push.example"] = ip
    outcome = ring("https://push.example/device")
    assert isinstance(outcome, TryLater) and "not a public address" in str(outcome)
    assert service.connections == set()


def test_the_address_that_is_called_is_looked_at_once_more(house, names, service, monkeypatch):
    """Should a name have been believed, the socket would not open."""

    async def believe(host, port, family):
        return [(socket.AF_INET, "127.0.0.1")]

    monkeypatch.setattr(addresses, "lookup", believe)
    assert isinstance(ring("https://push.example/device"), TryLater)
    assert service.connections == set()


def test_a_redirect_is_not_followed(service):
    service.pages["/device"] = reply(307, Location=f"{service.origin}/elsewhere")
    assert ring(f"{service.origin}/device").status == 307
    assert service.paths() == ["/device"]


def test_a_service_that_never_ends_is_left(service, hurried, monkeypatch):
    monkeypatch.setattr(http, "COURTESY", 0.2)
    service.pages["/device"] = drip(201)
    assert elapsed(lambda: ring(f"{service.origin}/device")) < 3


def test_of_a_large_answer_little_is_read_and_the_status_counts(service):
    service.pages["/device"] = reply(201, body=b"x" * 100_000)
    outcome = ring(f"{service.origin}/device")
    assert outcome.status == 201 and outcome.body == b""


def test_a_service_that_is_away_is_rung_later(service):
    service.stop()
    assert isinstance(ring(f"{service.origin}/device"), TryLater)


def test_we_say_who_we_are_keep_no_cookie_and_ask_no_list(service, settings, monkeypatch):
    """No database is asked at all: this test has none."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    service.pages["/device"] = reply(201, Set_Cookie="followed=1")
    for _ in range(2):
        assert isinstance(ring(f"{service.origin}/device", ttl="60"), Answer)
    method, _, headers, body = service.asked[-1]
    assert (method, body) == ("POST", b"sealed")
    assert headers.pop("user-agent") == f"Preau/{settings.VERSION} (+{settings.ORIGIN}/)"
    assert set(headers) <= {"host", "ttl", "accept", "accept-encoding", "content-length", "content-type"}


def test_each_learns_its_own_outcome(service):
    service.pages |= {"/gone": reply(410), "/busy": reply(429, Retry_After="7")}
    rings = [Ring(f"{service.origin}/{path}", b"x", {}) for path in ("gone", "device", "busy")] + [Ring("", b"", {})]
    outcomes = push_services.ring_all(rings)
    assert [each.status for each in outcomes[:3]] == [410, 201, 429]
    assert outcomes[2].headers["retry-after"] == "7" and isinstance(outcomes[3], Malformed)


def test_the_origin_is_what_a_message_is_for(house):
    assert push_services.audience("https://Push.Example:443/a/b?c=d") == "https://push.example"
