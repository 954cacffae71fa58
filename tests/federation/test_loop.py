"""One event loop and one set of connections per process, whatever its threads and forks."""

import asyncio
import os
import resource
import threading

import pytest

from federation import http, loop
from tests.federation.hostile import reply


def test_threads_of_a_process_share_one_loop():
    found = []

    async def where():
        return id(asyncio.get_running_loop())

    threads = [threading.Thread(target=lambda: found.append(loop.run(where()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_session_is_closed_with_its_process_and_opened_again_when_needed(martel):
    for _ in range(2):
        assert http.get(f"{martel.origin}/a", accept="*/*").status == 404
        http._close()
        http._close()
    assert len(martel.connections) == 2


def test_a_forked_child_calls_by_a_loop_of_its_own(martel, monkeypatch):
    martel.pages["/a"] = reply(body=b"x")
    url = f"{martel.origin}/a"
    assert http.get(url, accept="*/*").status == 200
    monkeypatch.setattr(http.peers, "admit", lambda _: None)  # the child must not touch our database
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if http.get(url, accept="*/*").body == b"x" else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert http.get(url, accept="*/*").status == 200
    assert len(martel.connections) == 2


@pytest.mark.parametrize(
    ("allowed", "asked"),
    [
        ((1024, 4096), [(4096, 4096)]),
        ((1024, 1_000_000), [(loop.FILES, 1_000_000)]),
        ((1024, resource.RLIM_INFINITY), [(loop.FILES, resource.RLIM_INFINITY)]),
        ((1_000_000, 1_000_000), []),
        ((resource.RLIM_INFINITY, resource.RLIM_INFINITY), []),
    ],
)
def test_a_process_asks_for_as_many_open_files_as_it_keeps_connections(monkeypatch, allowed, asked):
    said = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: allowed)
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: said.append(limits))
    loop.allow_files()
    assert said == asked
