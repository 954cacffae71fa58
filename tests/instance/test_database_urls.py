"""Past a pooler, the server's own address says how the line to it is secured."""

import json
import subprocess
import sys

import pytest

from tests import servers

ASK = "import json; from instance.settings import DATABASES, DIRECT; print(json.dumps([DATABASES['default'], DIRECT]))"


def options(tmp_path, pooled, direct):
    """Of every day, and past the pooler."""
    there = "postgres://preau:secret@{}/preau{}"
    said = {"DATABASE_URL": there.format("pooler", pooled), "DATABASE_DIRECT_URL": there.format("server", direct)}
    env = servers.environment(PREAU_DEVELOPMENT="1", PREAU_DATA=str(tmp_path), **said)
    done = subprocess.run([sys.executable, "-c", ASK], cwd=servers.ROOT, env=env, capture_output=True, text=True)
    return [each["OPTIONS"] for each in json.loads(done.stdout)]


@pytest.mark.parametrize("direct", [{"sslmode": "verify-full", "sslrootcert": "/ca.pem"}, {}])
def test_a_pooler_nearby_does_not_open_the_line_to_the_server(tmp_path, direct):
    query = "?" + "&".join(f"{name}={value}" for name, value in direct.items())
    pooled, past = options(tmp_path, "?sslmode=disable&connect_timeout=3", query)
    assert {name: value for name, value in past.items() if name.startswith("ssl")} == direct
    assert pooled["sslmode"] == "disable" and pooled["prepare_threshold"] is None
    assert (past["connect_timeout"], past["prepare_threshold"], past["server_side_binding"]) == (3, 5, True)
