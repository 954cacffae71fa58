"""`preau doctor` as an admin types it: a process of its own, where Préau itself would not start."""

import json
import os
import shutil
import sqlite3
import subprocess

import pytest

from tests import migrated, servers, warm
from tests.neighbour import Neighbour
from tests.towns import Town

pytestmark = pytest.mark.slow
RIGHT = {
    "PREAU_HOST": "rsi.saint-aubin.example",
    "PREAU_SECRET_KEY": "x" * 48,
    "PREAU_KEYS_SECRET": "Zm9yIHRoaXMgdGVzdCBvbmx5LCBhbmQgc29tZSBtb3I=",
}


@pytest.fixture
def doctor(tmp_path):
    """The exit status, what was found by code, and what was said."""

    def run(*arguments, **variables):
        own = {**RIGHT, "PREAU_DATA": str(tmp_path / "data"), "PREAU_SETTINGS": str(tmp_path / "preau.env")}
        command = [*warm.python(), "manage.py", "doctor", "--json", *arguments]
        env = servers.environment(**{**own, **variables})
        done = subprocess.run(command, cwd=servers.ROOT, env=env, capture_output=True, text=True, timeout=60)
        assert done.stdout.startswith("["), done.stderr
        return done.returncode, {each["code"]: each for one in json.loads(done.stdout) for each in one["findings"]}

    migrated.place(tmp_path / "data" / "preau.sqlite3")
    return run


@pytest.mark.parametrize(
    ("variable", "value", "code", "remedy"),
    [
        ("PREAU_HOST", "https://rsi.exemple.fr/", "reglage-nom", "le nom seul"),
        ("PREAU_SECRET_KEY", "court", "reglage-secret", "secrets.token_urlsafe(48)"),
        ("PREAU_KEYS_SECRET", "pas du base64", "reglage-cles", "la valeur gardée à part"),
        ("PREAU_DATA", "/dev/null/preau", "reglage-dossier", "install -d -o preau"),
        ("DATABASE_URL", "mysql://preau@localhost/preau", "reglage-base", "postgres://"),
        ("REDIS_URL", "localhost:6379", "reglage-redis", "redis://localhost:6379/0"),
        ("PREAU_WORK", "celery", "reglage-travail", "REDIS_URL="),
        ("PREAU_LOG_LEVEL", "loud", "reglage-autre", "deploy/env.sample"),
    ],
)
def test_a_setting_that_prevents_the_start(doctor, variable, value, code, remedy):
    status, found = doctor("--offline", **{variable: value})
    assert status == 2
    assert remedy in found[code]["do"] + found[code]["command"]


def test_settings_that_are_wrong_together_are_all_named(doctor):
    status, found = doctor(PREAU_HOST="", PREAU_SECRET_KEY="", PREAU_KEYS_SECRET="", PREAU_DATA="/dev/null/x")
    assert status == 2
    assert {"reglage-nom", "reglage-secret", "reglage-cles", "reglage-dossier"} <= set(found)


def test_a_database_that_does_not_answer(doctor):
    status, found = doctor("--offline", DATABASE_URL="postgres://preau@127.0.0.1:1/preau")
    assert status == 2
    assert found["base-injoignable"]["command"] == "systemctl status postgresql"
    assert "organisation" not in found


def test_a_database_file_that_does_not_open_is_not_the_affair_of_postgresql(doctor, tmp_path):
    database = tmp_path / "data" / "preau.sqlite3"
    if os.geteuid():
        database.chmod(0)
    else:  # who may read everything
        database.unlink()
        database.mkdir()
    status, found = doctor("--offline")
    remedy = found["base-fermee"]["command"]
    assert status == 2 and f"chown --reference={database.parent} {database}*" in remedy and "postgresql" not in remedy
    assert "base-injoignable" not in found and "organisation" not in found


def test_a_database_that_was_never_migrated_or_by_a_later_version(doctor, tmp_path):
    database = tmp_path / "data" / "preau.sqlite3"
    with sqlite3.connect(database) as open_one:
        open_one.execute("INSERT INTO django_migrations VALUES (NULL, 'actors', '9999_later', '2040-01-01')")
    status, found = doctor("--offline")
    assert (status, "actors.9999_later" in found["base-en-avance"]["says"]) == (2, True)
    database.unlink()
    status, found = doctor("--offline")
    assert (status, found["base-en-retard"]["command"]) == (2, "preau migrate")


def test_workers_that_do_not_run(doctor):
    if not shutil.which("redis-server"):
        pytest.skip("needs redis-server (make test installs it)")
    with servers.redis_server() as url:
        status, found = doctor("--only", "Redis", "--only", "ouvriers", REDIS_URL=url)
    assert (status, set(found)) == (2, {"aucun-ouvrier"})
    assert found["aucun-ouvrier"]["command"] == "systemctl restart preau-worker preau-beat"


def test_a_sound_house_that_runs_is_told_so(tmp_path):
    """All of it, the outside too: exit status 0."""
    vernay = Neighbour()
    with Town("saint-aubin", tmp_path / "aubin", PREAU_SETTINGS=str(tmp_path / "none")) as town:
        town.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", [])
        town.sh("call_command('agents', 'invite', 'Hélène Vasseur', '--role', 'admin')\narrivals = 1")
        town.sh(f"Peer.objects.create(host={vernay.host!r}, state='active', instance_actor_uri='x')")
        town.sh("__import__('actors.arrivals').arrivals.sign_in_link(Agent.objects.get())")
        town.manage("backup", "--to", str(tmp_path / "backups"))
        said = town.manage("doctor")
    vernay.stop()
    assert said.endswith("Tout va bien.")
    assert "✓ Préau répond sous son nom." in said and "✓ L’horloge est juste." in said
    assert "pas examiné" not in said
    assert (town.folder / "data" / "derniere-sauvegarde").exists()
