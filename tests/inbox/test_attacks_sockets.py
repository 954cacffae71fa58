"""What is sent to the very socket of a running house: bodies without end, without length, compressed, or without haste.

Both ways of serving are asked: `preau serve`, and granian as the production units start it (rows 57, 58 and 64).
"""

import gzip
import json
import os
import socket
import sys
import time
from contextlib import ExitStack

import pytest

from tests import servers
from tests.neighbour import Neighbour
from tests.towns import Town

KIND, HALF_OPEN = "application/activity+json", 24


class Production(Town):
    """Served by granian, with the options of `deploy/systemd/preau-web.service`."""

    def command(self):
        served = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--no-ws"]
        address = ["--host", "127.0.0.1", "--port", str(self.port)]
        return [sys.executable, "-m", "granian", *served, *address, "instance.wsgi:application"]


@pytest.fixture(scope="module", params=[Town, Production], ids=["embedded", "granian"])
def town(request, tmp_path_factory):
    house = request.param("saint-aubin", tmp_path_factory.mktemp("house"))
    house.forked = False  # its memory is weighed
    house.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", ["Julien Mercier"])
    house.julien = house.ask("Actor.objects.get(name='Julien Mercier').uri")
    with house:
        yield house


@pytest.fixture(scope="module")
def vernay():
    house = Neighbour()
    house.lucie = house.add_actor("lucie")
    yield house
    house.stop()


@pytest.fixture
def slow_house(town):
    """Another on the list, which takes its time to say who is who."""
    house = Neighbour()
    for number in range(HALF_OPEN):
        house.documents[f"/users/{number}"] = lambda request: time.sleep(9)
    town.sh(f"Peer.objects.get_or_create(host={house.host!r}, state='active', speaks_preau=True)")
    yield house
    house.stop()


@pytest.fixture
def listed(town, vernay):
    """Vernay is on the list of the house."""
    town.sh(f"Peer.objects.get_or_create(host={vernay.host!r}, state='active', speaks_preau=True)")


def letter(town, vernay, **changes):
    body = json.dumps(vernay.create(vernay.lucie, [town.julien])).encode()
    return body, vernay.sign("POST", "/ap/inbox", body, vernay.lucie, town.host, **changes)


def opened(town, headers, begin=b"", path="/ap/inbox"):
    """A request whose headers have been sent, and the beginning of its body."""
    talk = socket.create_connection(("127.0.0.1", town.port), timeout=20)
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    talk.sendall("\r\n".join(lines).encode() + begin)
    return talk


def status(talk):
    """0 when it hung up without a word."""
    try:
        line = talk.recv(65_536).split(b"\r\n")[0].split()
    except ConnectionResetError:
        return 0
    return int(line[1]) if len(line) > 1 else 0


def memory(town):
    """Kilobytes that all processes of the house hold."""
    told = os.popen(f"ps -o rss= --pid {town.process.pid} --ppid {town.process.pid}").read()
    return sum(int(each) for each in told.split())


def receipts(town):
    return town.ask("Receipt.objects.count()")


def stand_in(town):
    return {"Host": town.host, "Content-Type": KIND}


def test_an_honest_letter_is_taken(town, vernay, listed):
    body, headers = letter(town, vernay)
    before = receipts(town)
    assert town.call("POST", "/ap/inbox", body, headers)[0] == 202
    assert receipts(town) == before + 1


@pytest.mark.row(57)
def test_too_long_a_body_is_refused_before_it_has_come(town):
    with opened(town, stand_in(town) | {"Content-Length": 1_200_000}) as talk:
        assert status(talk) == 413


@pytest.mark.row(57)
def test_a_page_is_not_sent_what_no_page_takes(town):
    """Behind nginx it does not come that far."""
    kind = {"Host": town.host, "Content-Type": "application/x-www-form-urlencoded", "Content-Length": 200_000_000}
    with opened(town, kind, b"text=x", "/connexion/") as talk:
        assert status(talk) in (403, 413)


@pytest.mark.row(57)
def test_a_body_of_no_said_length_is_refused_and_fills_no_memory(town, vernay, listed):
    body, headers = letter(town, vernay)
    before, kept = memory(town), receipts(town)
    with opened(
        town, headers | {"Transfer-Encoding": "chunked"}, f"{len(body):x}\r\n".encode() + body + b"\r\n"
    ) as talk:
        try:
            for _ in range(800):
                talk.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
        except OSError:
            pass  # it hung up: so much the better
        assert status(talk) in (413, 0)
    assert memory(town) - before < 20_000
    assert receipts(town) == kept
    with opened(
        town, headers | {"Transfer-Encoding": "chunked"}, f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    ) as talk:
        assert status(talk) == 413
    assert receipts(town) == kept


@pytest.mark.row(57)
def test_a_length_that_lies_smuggles_nothing(town, vernay, listed):
    body, headers = letter(town, vernay)
    kept = receipts(town)
    for lie in ({"Content-Length": len(body) - 1}, {"Content-Length": len(body), "Transfer-Encoding": "chunked"}):
        with opened(town, headers | lie, body) as talk:
            assert status(talk) in (400, 401, 413, 0)
    assert receipts(town) == kept


@pytest.mark.row(58)
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "gzip, identity"])
def test_a_compressed_body_is_refused_and_not_inflated(town, vernay, listed, encoding):
    _, headers = letter(town, vernay)
    bomb = gzip.compress(bytes(50_000_000), 9)
    with opened(town, headers | {"Content-Length": len(bomb), "Content-Encoding": encoding}, bomb) as talk:
        assert status(talk) == 415


@pytest.mark.row(64)
@pytest.mark.parametrize("path", ["/ap/inbox", "/connexion/", "/publier/"])
def test_letters_that_come_slowly_hold_up_nobody(town, vernay, listed, path):
    """More than there are threads, each with a few bytes of a thousand."""
    if isinstance(town, Production):
        pytest.skip("granian gives a thread to a request at once: nginx keeps slow bodies from it, see below")
    kind = {"Content-Type": KIND if path == "/ap/inbox" else "application/x-www-form-urlencoded"}
    with ExitStack() as half_open:
        for _ in range(HALF_OPEN):
            half_open.enter_context(opened(town, stand_in(town) | kind | {"Content-Length": 1000}, b"{", path))
        time.sleep(0.5)
        began = time.monotonic()
        assert town.call("GET", "/sante/")[0] == 200
        body, headers = letter(town, vernay)
        assert town.call("POST", "/ap/inbox", body, headers)[0] == 202
        assert time.monotonic() - began < 5


@pytest.mark.row(19)
def test_keys_that_come_slowly_hold_up_nobody(town, vernay, listed, slow_house):
    """Anyone may name keys of a house that is slow: more of them than there are threads."""
    body, headers = letter(town, vernay)
    assert town.call("POST", "/ap/inbox", body, headers)[0] == 202  # known from now on
    with ExitStack() as asked:
        for number in range(HALF_OPEN):
            slow_house.key_names[slow_house.house] = f"{slow_house.origin}/users/{number}#main-key"
            body = json.dumps(slow_house.create(slow_house.house, [town.julien])).encode()
            signed = slow_house.sign("POST", "/ap/inbox", body, slow_house.house, town.host)
            asked.enter_context(opened(town, signed | {"Content-Length": len(body)}, body))
        time.sleep(0.5)
        for _ in range(4):
            began = time.monotonic()
            body, headers = letter(town, vernay)
            assert town.call("POST", "/ap/inbox", body, headers)[0] == 202
            assert time.monotonic() - began < 5


@pytest.mark.row(64)
def test_in_production_the_proxy_waits_for_the_whole_body():
    """nginx hands a request over when all of it is there, and does not wait for ever."""
    told = (servers.ROOT / "deploy/nginx.conf").read_text()
    for line in ("proxy_request_buffering on;", "client_header_timeout 20s;", "client_body_timeout 20s;"):
        assert line in told
    assert "proxy_request_buffering off" not in told
