"""What becomes of lines when processes end, are told to stop, or lose each other."""

import signal
import time
from pathlib import Path

import pytest

from tests import servers
from tests.instance.streaming.conftest import Streaming, called, said, streaming
from tests.listeners import SSE, Refused, Socket

pytestmark = pytest.mark.slow


def test_lines_are_closed_when_it_is_told_to_stop(house: Streaming):
    port, secret = servers.free_port(), house.token("Hélène")
    with streaming(house, port) as process, SSE(port, "/user", secret) as events, \
            Socket(port, secret, stream="user") as socket:  # fmt: skip
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert (events.next(), socket.next()) == (None, None)
        assert socket.code == 1012
        assert process.wait(10) in (0, -signal.SIGTERM)
        assert time.monotonic() - began < 8


def test_whoever_vanishes_is_forgotten(house: Streaming):
    """A client that is killed leaves no line behind: there is room for as many again."""
    secret = house.new_token("Oscar", "read")
    for _ in range(3):
        ears = [SSE(house.stream, "/user", secret) for _ in range(20)]
        for ear in ears:
            ear.hang_up()
        time.sleep(0.5)
    with SSE(house.stream, "/user", secret) as ear:
        house.post("Julien", "bonsoir")
        assert said(ear.next())[1] == "<p>bonsoir</p>"


def test_other_addresses_and_methods_are_told_no(house: Streaming):
    port = servers.free_port()
    with streaming(house, port):
        assert called(port, "/api/v1/streamings")[0] in (400, 404)  # embedded, the house answers: it is not called so


@pytest.mark.postgres
def test_web_processes_that_end_are_asked_again_when_others_are_there(house: Streaming):
    if house.stream == house.port:
        pytest.skip("it is one process")
    assert house.process
    with SSE(house.stream, "/user", house.token("Hélène")) as ear:
        children = Path(f"/proc/{house.process.pid}/task/{house.process.pid}/children").read_text().split()
        house.process.terminate()
        house.process.wait(20)
        assert children
        with pytest.raises(Refused) as error:
            SSE(house.stream, "/user", house.token("Hélène"))
        assert error.value.status == 503
        house.start()
        house.post("Julien", "de retour")
        assert said(ear.next()) == ("update", "<p>de retour</p>")


@pytest.mark.postgres
def test_a_database_that_hangs_up_is_listened_to_again(house: Streaming):
    if house.stream == house.port:
        pytest.skip("SQLite does not hang up")
    ours = "application_name = 'preau streaming' and datname = current_database()"
    ended = f"select count(pg_terminate_backend(pid)) from pg_stat_activity where {ours}"
    with SSE(house.stream, "/public/local", house.token("Hélène")) as ear:
        house.sh(f"from django.db import connection\nconnection.cursor().execute({ended!r})")
        time.sleep(4)
        house.post("Julien", "toujours là ?")
        assert said(ear.next()) == ("update", "<p>toujours là ?</p>")
