"""A database of an earlier version becomes today's, with all that was owed still owed."""

import json
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests import servers, warm

pytestmark = pytest.mark.slow
HERE = "localhost:8000"
WHOLE, BRIEF = {"id": "https://a/1", "object": {}}, {"id": "https://a/1", "object": "https://a/o"}
ROWS = [
    ("https://a/1", "https://a/o", "https://b/inbox", "b", "waiting", WHOLE),
    ("https://a/1", "https://a/o", f"http://{HERE}/inbox", HERE, "waiting", BRIEF),
    ("https://a/1", "https://a/o", "https://c/inbox", "c", "sent", {}),
    ("https://a/2", "https://a/o", "https://c/inbox", "c", "sent", {}),
]
OWED = [("https://a/1", WHOLE), ("https://a/1#home", BRIEF), ("https://a/1", WHOLE), ("https://a/2", {})]


def manage(folder: Path, *arguments: str) -> str:
    variables = servers.environment(PREAU_DEVELOPMENT="1", PREAU_DATA=str(folder), PREAU_WORK="manual")
    command = [*warm.python(), "manage.py", *arguments]
    done = subprocess.run(command, cwd=servers.ROOT, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_was_owed_by_the_first_version_is_owed_still(tmp_path: Path):
    manage(tmp_path, "migrate", "federation", "0001", "--verbosity=0")
    (database,) = tmp_path.glob("*.sqlite3")
    with sqlite3.connect(database) as connection:
        for activity, subject, inbox, host, state, document in ROWS:
            connection.execute(
                "INSERT INTO federation_delivery (activity_uri, object_uri, sender_uri, inbox, host, state,"
                " state_since, document, attempts, due_at, answer)"
                " VALUES (?, ?, 'https://a', ?, ?, ?, '2026-11-24', ?, 0, '2026-11-24', '')",
                (activity, subject, inbox, host, state, json.dumps(document)),
            )
    connection.close()
    manage(tmp_path, "migrate", "--verbosity=0")
    kept = "d.dispatch.activity_uri, d.dispatch.document, d.inbox, d.state"
    asked = f"from federation.models import Delivery; print([({kept}) for d in Delivery.objects.order_by('pk')])"
    said = manage(tmp_path, "shell", "--no-imports", "-c", asked)
    assert said.strip() == str([(*owed, row[2], row[4]) for owed, row in zip(OWED, ROWS, strict=True)])
