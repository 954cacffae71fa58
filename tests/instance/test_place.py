"""Remedies are typed as they are on that machine."""

import re

import pytest
from django.template.loader import render_to_string

from instance import place
from instance.doctor.examination import load_checks
from instance.doctor.findings import CHECKS

ALONE = re.compile(r"(?<![\w@/-])preau(?! @vernay|@vernay|\*@vernay|-vernay)\b(?!-host)")


@pytest.mark.parametrize(
    ("alone", "among_others"),
    [
        ("systemctl restart 'preau*'", "systemctl restart 'preau*@vernay.service'"),
        ("systemctl restart preau", "systemctl restart preau@vernay"),
        ("preau queue replay --all", "preau @vernay queue replay --all"),
        ("Relancez (preau doctor).", "Relancez (preau @vernay doctor)."),
        ("make -C /opt/preau install", "make -C /opt/preau-host/vernay install"),
        (
            "install -d -o preau -g preau -m 750 /var/lib/preau",
            "install -d -o preau-vernay -g preau-vernay -m 750 /var/lib/preau-host/vernay",
        ),
        ("systemctl stop preau ; preau restore DOSSIER", "systemctl stop preau@vernay ; preau @vernay restore DOSSIER"),
        ("systemctl restart preau-worker preau-beat", "systemctl restart preau-worker preau-beat"),
        ("Préau est arrêté.", "Préau est arrêté."),
    ],
)
def test_a_town_among_others_reads_its_own_commands(alone, among_others):
    assert place.at("vernay", alone) == among_others
    assert place.at("vernay", among_others) == among_others


def test_an_instance_alone_reads_what_is_written(monkeypatch):
    monkeypatch.delenv("PREAU_SETTINGS", raising=False)
    assert place.here("preau doctor") == "preau doctor"
    monkeypatch.setenv("PREAU_SETTINGS", "/etc/preau-host/vernay/preau.env")
    assert place.here("preau doctor") == "preau @vernay doctor"


def test_the_port_is_known_where_it_was_installed(monkeypatch, tmp_path):
    monkeypatch.setenv("PREAU_SETTINGS", str(tmp_path / "preau.env"))
    assert place.port() == 0
    answers = tmp_path / "install.answers"
    answers.write_text("small=yes\ntls=none\n")
    assert place.port() == 8000
    answers.write_text("small=yes\nport=8101\ntls=none\n")
    assert place.port() == 8101


def test_pages_show_the_command_of_that_machine(monkeypatch):
    monkeypatch.setenv("PREAU_SETTINGS", "/etc/preau-host/vernay/preau.env")
    shown = render_to_string("administration/_command.html", {"command": "preau peers offer rsi.cernon.fr"})
    assert "preau @vernay peers offer rsi.cernon.fr" in shown


def test_no_remedy_of_a_town_speaks_of_all():
    """Of one process, as towns are: what names the workers is for the large form."""
    load_checks()
    commands = [str(each.command) for check in CHECKS for each in check.finds]
    said = [place.at("vernay", each % Anything()) for each in commands if "preau-" not in each]
    assert len(said) > 30 and [each for each in said if ALONE.search(each)] == []


class Anything(dict):
    def __missing__(self, key):
        return "preau@vernay" if key == "units" else "x"
