"""What somebody types and cannot be done is answered by one sentence, without the words of programmers."""

import argparse
import re
import subprocess
from functools import cache

import pytest
from django.core.management import load_command_class

from instance import __version__, command_page
from instance.management.commands.translations import found_texts
from tests import migrated, servers, warm

pytestmark = pytest.mark.slow
RIGHT = {"PREAU_HOST": "rsi.saint-aubin.localhost", "PREAU_WORK": "manual", "PREAU_DEVELOPMENT": "1"}


@pytest.fixture
def preau(tmp_path):
    """The exit status, what was printed, and the complaints."""

    def run(*words, **variables):
        own = {**RIGHT, "PREAU_DATA": str(tmp_path / "data"), "PREAU_SETTINGS": str(tmp_path / "preau.env")}
        env = servers.environment(**{**own, **variables})
        command = [*warm.python(), "manage.py", *words]
        done = subprocess.run(command, cwd=servers.ROOT, env=env, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    migrated.place(tmp_path / "data" / "preau.sqlite3")
    return run


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["agents", "link", "personne"], "Personne ne s’appelle personne ici : preau agents list\n"),
        (["keys", "rotate", "personne"], "Personne ne s’appelle personne ici : preau agents list\n"),
        (["agent", "list"], "Il n’y a pas de commande agent. Vouliez-vous dire : preau agents ?\n"),
        (["xyzzy"], "Il n’y a pas de commande xyzzy. Celles qu’il y a : preau --help\n"),
    ],
)
def test_the_sentence_stands_alone(preau, words, sentence):
    assert preau(*words) == (1, "", sentence)


def test_of_a_town_among_others_the_command_is_its_own(preau):
    _status, _said, complaint = preau("agent", PREAU_SETTINGS="/etc/preau-host/vernay/preau.env")
    assert complaint.endswith("Vouliez-vous dire : preau @vernay agents ?\n")


def test_who_asks_for_a_traceback_gets_one(preau):
    status, _said, complaint = preau("agents", "--traceback", "link", "personne")
    assert status == 1 and complaint.startswith("Traceback") and "CommandError: Personne" in complaint


def test_a_database_that_is_not_there_is_no_traceback_either(preau):
    status, said, complaint = preau("agents", "list", DATABASE_URL="postgres://preau@127.0.0.1:1/preau")
    assert (status, said) == (1, "") and complaint.startswith("La base de données n’a pas répondu comme il faut (")
    assert complaint.endswith("preau doctor\n") and len(complaint.splitlines()) == 1


def test_a_wrong_setting_leads_to_what_says_it_in_french(preau):
    status, said, complaint = preau("agents", "list", PREAU_WORK="nobody")
    assert (status, said) == (1, "") and complaint.startswith("preau: PREAU_WORK") and "preau doctor" in complaint


def test_the_exit_status_stays_what_it_was(preau):
    assert preau("doctor", "--offline", "--only", "travail de fond")[0] == 0
    assert preau("doctor", "--offline", "--only", "réglages entre eux")[0] == 2
    assert preau("agents", "list")[:2] == (0, "")
    assert preau("agents", "invite")[0] == 2


def test_a_database_is_not_founded_a_second_time_under_another_name(preau):
    words = ["setup", "--name", "Aubin", "--short-name", "Aubin", "--siren", "210101010"]
    assert preau(*words)[0] == 0
    status, said, complaint = preau(*words, "--found-anew", PREAU_HOST="autre.localhost")
    assert (status, said) == (1, "") and complaint.startswith("Cette base est celle de rsi.saint-aubin.localhost, et")
    assert "Remettez PREAU_HOST=rsi.saint-aubin.localhost dans " in complaint
    assert preau("shell", "-v", "0", "-c", "print(Organisation.objects.count())")[1] == "1\n"
    assert preau(*words) == (0, "Aubin (rsi.saint-aubin.localhost)\n", "")


@pytest.mark.parametrize("words", [[], ["help"], ["--help"], ["-h"]])
def test_the_commands_are_listed_by_what_one_wants_to_do_even_without_settings(preau, words):
    status, said, complaint = preau(*words, PREAU_HOST="", PREAU_DEVELOPMENT="", PREAU_WORK="nobody")
    assert (status, complaint, said) == (0, "", command_page.page("fr"))
    assert "\nSauvegarder, restaurer, déménager\n  preau backup  " in said and "showmigrations" not in said
    assert [name for name in [*command_page.ours(), "upgrade", "move-domain"] if f"\n  preau {name} " not in said] == []
    assert max(map(len, said.splitlines())) <= 120


def test_the_page_is_in_the_language_of_the_terminal_and_of_the_town(preau):
    assert preau("--help", LC_ALL="", LANG="en_GB.UTF-8")[1] == command_page.page("en")
    assert [command_page.language(each) for each in ({}, {"LANG": "C.UTF-8"}, {"LC_ALL": "en_US"})] == [
        "fr",
        "fr",
        "en",
    ]
    assert "\n  preau @vernay backup " in preau(PREAU_SETTINGS="/etc/preau-host/vernay/preau.env")[1]


def test_the_version_is_that_of_preau(preau):
    assert preau("--version", PREAU_HOST="") == preau("version") == (0, f"Préau {__version__}\n", "")


def test_those_of_django_are_there_for_who_asks(preau):
    status, said, _complaint = preau("--help", "--all")
    assert status == 0 and "showmigrations" in said and "createsuperuser" in said and "peers" in said


def test_the_options_of_a_command_are_in_french(preau):
    status, said, _complaint = preau("peers", "--help")
    assert status == 0 and said.startswith("Usage : preau peers") and "retire notre proposition" in said
    assert [
        words for words in ("usage:", "show this", "positional", "--settings", "--traceback") if words in said
    ] == []
    assert preau("help", "peers")[1] == said
    complaint = preau("peers", "accept")[2]
    assert complaint.endswith("preau peers accept : il manque : host\n")


@pytest.mark.parametrize("name", command_page.ours())
def test_whatever_an_option_says_can_be_said_in_other_languages(name):
    command = load_command_class("instance", name)
    assert command.help in marked()
    said = [each.help % vars(each) for parser in parsers(command.create_parser("preau", name)) for each in own(parser)]
    if name != "migrate":  # whose arguments are Django's
        assert [
            text for text in said if text not in marked() and not re.search(r"rsi\.vernay\.fr|s3://|--keys-to", text)
        ] == []


@cache
def marked():
    return {each.id for each in found_texts()}


def parsers(one):
    yield one
    for action in one._actions:
        if isinstance(action, argparse._SubParsersAction):
            for each in action.choices.values():
                yield from parsers(each)


def own(parser):
    """Its arguments that are explained, without those of every command; and its verbs."""
    of_all = {
        "help",
        "version",
        "verbosity",
        "settings",
        "pythonpath",
        "traceback",
        "no_color",
        "force_color",
        "skip_checks",
    }
    for action in parser._actions:
        if action.dest not in of_all and action.help:
            yield action
        yield from getattr(action, "_choices_actions", ())
