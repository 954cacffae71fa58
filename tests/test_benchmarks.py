"""The benchmarks still run, with tiny numbers; what they measure is not judged here."""

import subprocess
import sys

import pytest

from tests import servers, warm

pytestmark = [pytest.mark.slow]
TINY = {
    "inbox": ["--letters", "20", "--rounds", "1", "--stored", "200", "--houses", "2", "--people", "2"],
    "fanout": ["--followers", "12", "--hosts", "6", "--hanging", "1", "--rounds", "1", "--owed", "12", "--watch", "2"],
    "api_home": ["--size", "200", "--calls", "16"],
    "network": ["--peers", "6", "--down", "1", "--slow", "1", "--rounds", "1", "--wait", "0", "--seconds", "1"],
    "timeline": ["--sizes", "200", "--calls", "2"],
}


def run(name: str, *arguments: str) -> str:
    python = [sys.executable] if name == "imports" else warm.python()
    command, env = [*python, "-m", f"benchmarks.{name}", *arguments], servers.environment(TESTS_FORKING=warm.forking())
    done = subprocess.run(command, cwd=servers.ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", TINY)
def test_each_measures_the_embedded_form(name):
    assert "| the machine in the same run |" in run(name, "--embedded", *TINY[name])


@pytest.mark.postgres
def test_the_production_form_is_measured_too():
    """One of them does for all: they found their house in the same way."""
    assert "| the machine in the same run |" in run("inbox", "--production", *TINY["inbox"])


@pytest.mark.postgres
def test_those_on_the_line_are_measured():
    assert "events told per CPU-second" in run("streaming", "--listeners", "20", "--sockets", "5", "--posts", "2")


def test_memory_at_rest_is_measured():
    assert "after a few pages" in run("memory", "--rounds", "1")


def test_towns_of_one_host_are_measured():
    assert "2 towns" in run("towns", "--towns", "2", "--watch", "1")


def test_memory_is_told_package_by_package():
    assert "| django |" in run("imports")


@pytest.mark.parametrize("of", ["arrivals", "deliveries"])
def test_the_time_is_told_call_by_call(of):
    assert "ms CPU of this process" in run("breakdown", "--of", of, "--letters", "60")
