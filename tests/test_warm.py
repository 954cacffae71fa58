"""A command that is forked is as one that is started: its arguments, environment, folder, files and end are its own."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests import warm

ROOMS = ("federation", "actors", "outbox", "inbox", "instance")
SAYS = """
import json, os, sys
from django.conf import settings
loaded = {name.partition(".")[0] for name in sys.modules}
said = [sys.argv, dict(os.environ), os.getcwd(), sys.stdin.read(), sorted(loaded), settings.configured, __name__]
print(json.dumps(said))
print("trouble", file=sys.stderr)
sys.exit(3)
"""
WAITS = "import time\nprint('here', flush=True)\ntime.sleep(60)"


@pytest.fixture
def script(tmp_path: Path):
    def written(code: str) -> Path:
        path = tmp_path / "script.py"
        path.write_text(code)
        return path

    return written


def test_it_knows_nothing_but_what_it_was_given(script, tmp_path):
    command = [*warm.python(), str(script(SAYS)), "one", "--two"]
    env = {"HERE": "é", "LANG": "C.UTF-8"}
    done = subprocess.run(command, cwd=tmp_path, env=env, input="words", capture_output=True, text=True)
    arguments, environment, folder, words, loaded, configured, name = json.loads(done.stdout)
    assert (arguments[1:], folder, words, name) == (["one", "--two"], str(tmp_path), "words", "__main__")
    assert environment == env | {name: environment[name] for name in {"LC_CTYPE"} & set(environment)}
    assert not configured and not set(ROOMS) & set(loaded) and "django" in loaded
    assert (done.returncode, done.stderr) == (3, "trouble\n")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_it_ends_with_whoever_stands_for_it(script, how):
    with subprocess.Popen([*warm.python(), str(script(WAITS))], stdout=subprocess.PIPE) as standing:
        assert standing.stdout and standing.stdout.readline() == b"here\n"
        standing.send_signal(how)
        assert standing.stdout.read() == b""  # nobody holds the other end any more
    assert standing.returncode == (128 + how if how == signal.SIGTERM else -how)  # the one passes it on, then ends


def test_what_serves_is_killed_itself(script, tmp_path):
    with (tmp_path / "log").open("wb") as output:
        serving = warm.Forked([str(script(WAITS))], os.environ, output)
    while "here" not in (tmp_path / "log").read_text():
        time.sleep(0.01)
    assert serving.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        serving.wait(0.01)
    serving.kill()
    assert serving.wait(10) == serving.poll() == -signal.SIGKILL
    assert not Path(f"/proc/{serving.pid}").exists()
