"""The file of settings is one thing for systemd, `preau`, install.sh and the doctor; nothing in it is run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instance import configuration, environment_file
from instance.doctor import settings_lines

ROOT = Path(__file__).resolve().parent.parent
PREAU, READER = ROOT / "deploy" / "preau", ROOT / "instance" / "environment_file.py"
SYSTEMD = Path("/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator")
SHOWN = "from django.conf import settings as s; print(s.HOST, s.NETWORK_NAME, s.SMTP.password, sep='|')"
AS_TYPED = r"""# Ce qu'un administrateur tape
PREAU_DEVELOPMENT=1
  PREAU_HOST = rsi.exemple.fr
; un autre commentaire
PREAU_NETWORK_NAME = les communes d'à côté, $(touch RUN) et `touch RUN`
PREAU_SMTP_URL="smtp://dsi:a$b\$c@mail.exemple.fr"
touch RUN=1
PREAU_DATA=DATA
"""
LINES = [  # and what they mean
    ("A=simple", "simple"),
    ("A = b c \t", "b c"),
    ("A='b  c' ", "b  c"),
    ("A='b' \"c\"d", "bcd"),
    ("A=b'c", "b'c"),
    ('A="b\\"c\\`\\d"', 'b"c`\\d'),
    ('A="b\\$c$d"', "b$c$d"),
    ("A=b\\\nc", "bc"),
    ("A=b\\ ", "b "),
    ("A=b # c", "b # c"),
    ("A=c\nA=b", "b"),
    ("A=b\r\n", "b"),
    (" ;B=\\é\nA=é", "é"),
]
WRONG = [
    ("A=1\nexport B=2", 2, environment_file.EXPORTED),
    ("\n\nPREAU_HOST rsi.exemple.fr", 3, environment_file.NO_EQUALS),
    ("A-B=2", 1, environment_file.NO_NAME),
    ("PRÉAU_HOST=2", 1, environment_file.NO_NAME),
    ("A='b\nB=2", 1, environment_file.OPEN_QUOTES),
    ('A="b\nB="2"', 1, environment_file.OPEN_QUOTES),
    ("A=\udce9t\udce9", 1, environment_file.NOT_TEXT),
    ("A=\x00", 1, environment_file.NOT_TEXT),
    ("#b \\\nA=1", 1, environment_file.GOES_ON),
]


def preau(path, *words):
    environment = {"PATH": os.environ["PATH"], "PREAU_SETTINGS": str(path)}
    run = subprocess.run([PREAU, *words], env=environment, capture_output=True, text=True, cwd=path.parent)
    return run.returncode, run.stdout, run.stderr


@pytest.fixture
def typed(tmp_path):
    """A file of settings: AS_TYPED, with something more."""

    def write(more=""):
        text = AS_TYPED.replace("touch RUN=1\n", "").replace("DATA\n", f"{tmp_path / 'data'}\n") + more
        (tmp_path / "preau.env").write_text(text)
        return tmp_path / "preau.env"

    return write


def test_what_an_admin_types_is_read_as_it_looks_and_never_run(typed, tmp_path):
    status, said, complaint = preau(typed(), "shell", "-v", "0", "-c", SHOWN)
    assert (status, complaint) == (0, "")
    assert said.strip() == "rsi.exemple.fr|les communes d'à côté, $(touch RUN) et `touch RUN`|a$b$c"
    assert not (tmp_path / "RUN").exists()


def test_a_line_that_is_not_understood_is_named_by_its_number_and_nothing_starts(typed):
    path = typed("PREAU_SECRET_KEY tres-secret\nexport PREAU_LOG_LEVEL=INFO\n")
    status, said, complaint = preau(path, "peers", "list")
    assert (status, said) == (1, "") and "tres-secret" not in complaint
    first, second = complaint.splitlines()
    assert first.startswith(f"{path}, ligne 8 : il y manque « = ».") and "ligne 9 : « export » est de trop" in second


def test_the_doctor_finds_such_lines_and_names_that_mean_nothing(typed):
    path = typed("PREAU_SECRET_KEY tres-secret\nPREAU_BAKUP_DIR=/nuits\nDATABASE_ULR=\nHTTPS_PROXY=http://proxy:3128\n")
    path.chmod(0o600)
    status, said, complaint = preau(path, "doctor", "--json", "--only", "fichier des réglages")
    assert (status, complaint, "tres-secret" in said) == (2, "", False)
    ((first, *others),) = (each["findings"] for each in json.loads(said))
    assert first["code"] == "ligne-incomprise" and first["says"].startswith(f"La ligne 8 de {path}")
    assert [each["code"] for each in others] == ["reglage-inconnu"] * 2
    assert others[0]["says"].startswith("PREAU_BAKUP_DIR, ") and "PREAU_BACKUP_URL" in others[0]["do"]
    assert others[1]["says"].startswith("DATABASE_ULR, ") and "DATABASE_URL" in others[1]["do"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_says_who_may(typed):
    typed().chmod(0)
    status, _said, complaint = preau(typed(), "peers", "list")
    assert status == 1 and "lancez cette commande en root" in complaint


def test_the_scripts_read_it_in_the_same_way(typed):
    path = typed("PREAU_KEYS_SECRET = 'x y'\n")
    parts = " ".join(f". {ROOT}/deploy/install/{each}.sh;" for each in ("words", "answers"))
    asked = f"{parts} ROOT={ROOT} ETC={path.parent}; check_settings; installed PREAU_HOST; installed PREAU_KEYS_SECRET"
    run = subprocess.run(["bash", "-c", asked], capture_output=True, text=True)
    assert run.stdout == "rsi.exemple.fr\nx y\n"
    typed("export PREAU_HOST=rsi.exemple.fr")
    run = subprocess.run(["bash", "-c", asked], capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (1, "") and "✗ " in run.stderr and "ligne 8 : « export »" in run.stderr


@pytest.mark.parametrize(("text", "value"), LINES)
def test_a_line_means_what_it_means_for_systemd(text, value, tmp_path):
    assert environment_file.read(text.encode()) == ({"A": value}, [])
    if SYSTEMD.exists() and "$" not in text:
        assert systemd_says(text, tmp_path) == value


@pytest.mark.parametrize(("text", "line", "why"), WRONG)
def test_what_systemd_passes_over_or_reads_otherwise_than_it_looks_is_wrong(text, line, why):
    assert environment_file.read(text.encode(errors="surrogateescape"))[1][0] == (line, why)


def systemd_says(text, folder):
    """Its own program for ~/.config/environment.d, which reads the same syntax, but that it follows a $."""
    (folder / "environment.d").mkdir()
    (folder / "environment.d" / "a.conf").write_text(text)
    environment = {"XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    said = subprocess.run([SYSTEMD], env=environment, capture_output=True, text=True, check=True).stdout
    shell = ["bash", "-c", f'{said}printf "%s" "$A"']
    return subprocess.run(shell, capture_output=True, text=True, check=True, env={}).stdout


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="'")))
def test_between_single_quotes_nothing_means_anything_else(value):
    assert environment_file.read(f"A='{value}'\nB=1".encode()) == ({"A": value, "B": "1"}, [])


def test_the_reader_needs_python_alone(typed):
    run = subprocess.run(
        ["/usr/bin/python3", "-I", READER, typed(), "value", "PREAU_HOST"], capture_output=True, text=True
    )
    assert run.stdout == "rsi.exemple.fr\n"
    gone = subprocess.run([sys.executable, "-I", READER, "/nowhere", "check"], capture_output=True, text=True)
    assert gone.returncode == 1 and gone.stderr.startswith("/nowhere ne peut pas être lu")


class Asked(dict):
    """Which settings are asked for."""

    def __init__(self, *known, **values):
        super().__init__(*known, **values)
        self.names = set()

    def __getitem__(self, name):
        self.names.add(name)
        return super().__getitem__(name)

    def get(self, name, default=None):
        self.names.add(name)
        return super().get(name, default)


def test_the_sample_names_every_setting_that_is_read_and_no_other(tmp_path):
    asked = Asked(PREAU_DEVELOPMENT="1", PREAU_DATA=str(tmp_path))
    configuration.read(asked)
    configuration.settings_file(asked)
    assert sorted(asked.names) == sorted(settings_lines.known())


@pytest.mark.parametrize(
    ("name", "setting"),
    [("preau_host", "PREAU_HOST"), ("PREAUX_WORK", "PREAU_WORK"), ("PREAU_HOST", ""), ("LANG", ""), ("PATH", "")],
)
def test_what_other_programs_read_is_theirs(name, setting):
    assert settings_lines.meant(name) == setting
