"""What the install script refuses, and the settings that it writes; `make test-deploy` runs it whole in bare roots."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands

from actors.models import Organisation
from instance.configuration import read
from tests import migrated, servers

ROOT = Path(__file__).resolve().parent.parent
INSTALL, SETTINGS = ROOT / "deploy" / "install.sh", ROOT / "deploy" / "install" / "settings.py"


def install(*words):
    run = subprocess.run(["bash", INSTALL, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return run.returncode, run.stdout, run.stderr


@pytest.mark.parametrize("words", [["--domaine", "rsi.exemple.fr"], ["--domain"], ["--answers", "/nowhere"]])
def test_what_it_does_not_understand_stops_it_with_a_sentence(words):
    status, said, refused = install(*words)
    assert (status, said) == (1, "") and refused.strip().startswith("✗ ")


def test_answers_that_it_does_not_know_are_named(tmp_path):
    (tmp_path / "answers").write_text("domain=rsi.exemple.fr\nsirene=210101010\n")
    status, _said, refused = install("--answers", str(tmp_path / "answers"))
    assert status == 1 and "« sirene »" in refused and "--help" in refused


def test_nothing_is_done_elsewhere_than_where_units_look():
    status, said, refused = install("--yes", "--domain", "rsi.exemple.fr")
    assert status == 1 and said == "" and ("/opt/preau/deploy/install.sh" in refused or "root" in refused)


def test_help_names_every_answer():
    status, said, _refused = install("--help")
    (names,) = re.findall(r'^readonly NAMES="(.*)"$', (INSTALL.parent / "install" / "answers.sh").read_text(), re.M)
    assert status == 0 and [each for each in names.split() if f"--{each}" not in said] == []


@pytest.mark.parametrize("name", ["Saint-Aubin", "saint aubin", "../vernay", "versions", "-vernay", "v" * 25, ""])
def test_a_town_has_a_name_of_which_an_account_can_be_made(name):
    status, said, refused = install("--town", name, "--help")
    assert (status, said) == (1, "") and ("✗" in refused or not name)


@pytest.mark.parametrize("words", [["héberge"], ["--domain", "rsi.exemple.fr"]])
def test_the_host_of_many_does_what_it_knows_only(words):
    run = subprocess.run(["bash", ROOT / "deploy" / "preau-host", *words], capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (1, "") and "preau-host --help" in run.stderr


def test_a_town_that_is_not_there_is_named():
    run = subprocess.run([ROOT / "deploy" / "preau", "@nulle-part", "doctor"], capture_output=True, text=True)
    assert run.returncode == 1 and "nulle-part" in run.stderr


def settings(path, **chosen):
    chosen = {"PREAU_HOST": "rsi.exemple.fr", "PREAU_ADMIN_EMAIL": "dsi@exemple.fr", **chosen}
    run = subprocess.run([sys.executable, SETTINGS, path], env={**os.environ, **chosen}, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return {name: shlex.split(value)[0] for name, value in (line.split("=", 1) for line in lines)}


def test_settings_are_whole_and_secrets_are_new_each_time(tmp_path):
    small = settings(tmp_path / "small.env", DATABASE_URL="")
    large = settings(tmp_path / "large.env", DATABASE_URL="postgres://:5433/preau")
    assert "DATABASE_URL" not in small and "REDIS_URL" not in small
    assert large["DATABASE_URL"] == "postgres://:5433/preau" and large["REDIS_URL"]
    assert {each.stat().st_mode & 0o777 for each in tmp_path.iterdir()} == {0o600}
    town = settings(tmp_path / "town.env", DATABASE_URL="", PREAU_SETTINGS=str(tmp_path / "town.env"), PREAU_DATA="/x")
    assert (town["PREAU_SETTINGS"], town["PREAU_DATA"]) == (str(tmp_path / "town.env"), "/x")
    for name in ("PREAU_SECRET_KEY", "PREAU_KEYS_SECRET"):
        assert small[name] != large[name]
    for each, work in ((small, "thread"), (large, "celery")):
        found = read({**each, "PREAU_DATA": str(tmp_path / "data")})
        assert (found.host, found.work, found.admin_email) == ("rsi.exemple.fr", work, "dsi@exemple.fr")


def test_every_unit_that_is_installed_is_there():
    words = (INSTALL.parent / "install" / "services.sh").read_text()
    named = set(re.findall(r"preau[a-z-]*\.(?:service|timer)", words))
    units = list((INSTALL.parent / "systemd").iterdir())
    there = {each.name for each in units}
    assert named <= there and there - named == {each.replace(".timer", ".service") for each in named if "timer" in each}
    assert set(re.findall(r"manage\.py (\w+)", " ".join(each.read_text() for each in units))) <= set(get_commands())


def test_settings_are_changed_all_at_once_and_stay_whose_they_were(tmp_path):
    """The line may be a comment so far, or not be there at all; who could read the file still can, and nobody else."""
    path = tmp_path / "preau.env"
    path.write_text("# PREAU_HOST, the name\nPREAU_HOST=a.example\n#PREAU_FORMER_HOSTS=\nREDIS_URL=x\n")
    path.chmod(0o640)
    changes = ["PREAU_HOST=b.example", "PREAU_FORMER_HOSTS='a.example'", "PREAU_NEW=1"]
    subprocess.run([sys.executable, SETTINGS, "--change", path, *changes], check=True)
    assert path.read_text() == (
        "# PREAU_HOST, the name\nPREAU_HOST=b.example\nPREAU_FORMER_HOSTS='a.example'\nREDIS_URL=x\nPREAU_NEW=1\n"
    )
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.django_db
def test_founding_once_leaves_the_organisation_as_it_became(aubin):
    said = ["--short-name", "Autre", "--siren", "210101010", "--kind", "epci"]
    call_command("setup", "--once", "--name", "Autre nom", *said)
    assert Organisation.objects.get(host=aubin.host).name == aubin.name
    call_command("setup", "--name", "Autre nom", *said)
    assert Organisation.objects.get(host=aubin.host).name == "Autre nom"


@pytest.mark.slow
def test_a_way_in_is_shown_once_and_made_again_only_when_nobody_could_enter(tmp_path):
    migrated.place(tmp_path / "preau.sqlite3")
    own = {"PREAU_HOST": "rsi.localhost", "PREAU_DEVELOPMENT": "1", "PREAU_DATA": str(tmp_path), "PREAU_WORK": "thread"}
    parts = " ".join(f". {INSTALL.parent}/install/{each}.sh;" for each in ("words", "founding"))
    here = f'{parts} ETC={tmp_path} COMMAND=preau; as_preau() {{ {sys.executable} manage.py "$@"; }};'
    here += "answer() { echo 'Hélène Vasseur'; };"

    def said(code):
        command, env = ["bash", "-euc", here + code], servers.environment(**own)
        return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout

    said("as_preau setup --name Aubin --short-name Aubin --siren 210101010; admin_do")  # and the machine goes off
    assert "Connexion de helene.vasseur" in said("tell_way_in")
    assert said("tell_way_in") == (
        "helene.vasseur administre déjà cette instance."
        " Pour un nouveau lien de connexion : preau agents link helene.vasseur\n"
    )
    said("as_preau shell -c 'SignInLink.objects.all().delete()'")
    assert "http://rsi.localhost/entrer/" in said("tell_way_in")
