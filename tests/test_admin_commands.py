"""Every command that pages for admins and for trust show exists, with its options, by its own parser or help."""

import argparse
import re
import subprocess
from functools import cache

import pytest
from django.core.management import CommandError, get_commands, load_command_class

from instance.doctor.examination import load_checks
from instance.doctor.findings import CHECKS
from tests.admin_pages import ENGLISH, FRENCH, ROOT, mentioned, name_of, simple_commands, typed

PAGES = [*FRENCH, *ENGLISH, ROOT / "README.md"]
OPTION = re.compile(r"--[a-z][a-z-]*")
SCRIPTS = {
    "install.sh": "install.sh",
    "preau-host": "preau-host",
    "upgrade": "upgrade.sh",
    "move-domain": "move-domain.sh",
}
HANDED_ON = {"add": "install.sh", "upgrade": "upgrade"}  # by preau-host; what it does not know itself


class Wrong(AssertionError):
    """A page shows what cannot be typed."""


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_commands_of_a_page_exist(page):
    wrong = [said for words in typed(page) if (said := complaint(words, whole=True))]
    wrong += [said for words in mentioned(page) if (said := complaint(words, whole=False))]
    assert wrong == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("preau agent list", "no command agent"),
        ("preau agents invite", "required: name"),
        ("preau agents invite Julien --rolle admin", "unrecognized arguments: --rolle"),
        ("preau @vernay agents invite Julien --role maire", "invalid choice: 'maire'"),
        ("preau backup --keep sept", "invalid int value: 'sept'"),
        ("preau doctor --only certificats", "no check certificats"),
        ("preau upgrade --two v0.2.0", "upgrade.sh has no --two"),
        ("/opt/preau/deploy/install.sh --smal", "install.sh has no --smal"),
        ("preau-host halt vernay", "preau-host has no halt"),
        ("preau-host add vernay --answer x", "install.sh has no --answer"),
        ("preau-host doctor --offlin", "unrecognized arguments: --offlin"),
    ],
)
def test_what_does_not_exist_is_found(line, said):
    (words,) = simple_commands(line)
    assert said in complaint(words, whole=True)


def test_in_passing_a_command_need_not_be_whole():
    assert complaint(["preau", "agents", "invite"], whole=False) == ""
    assert "--rolle" in complaint(["preau", "agents", "invite", "--rolle"], whole=False)
    assert complaint(["--siren"], whole=False) == "" and "--sirene" in complaint(["--sirene"], whole=False)
    assert complaint(["ls", "--sirene"], whole=True) == "" == complaint([], whole=True)


def complaint(words, whole):
    """What cannot be typed in a command, or nothing; `whole`: what it needs must be there too."""
    try:
        if words and (tool := words[0].rpartition("/")[2]) in ("preau", "preau-host", "install.sh"):
            {"preau": of_preau, "preau-host": of_host, "install.sh": of_install}[tool](words[1:], whole)
        elif words and words[0].startswith("--") and not whole:
            known(words, set().union(*map(options, SCRIPTS), *map(all_options, get_commands())), "nothing")
    except (CommandError, Wrong) as error:
        return f"{' '.join(words)}: {error}"
    return ""


def of_preau(words, whole):
    words = words[1:] if words and words[0].startswith("@") else words
    if words and words[0] in ("upgrade", "move-domain"):
        known(words, options(words[0]), SCRIPTS[words[0]])
    elif words and words[0] not in get_commands():
        raise Wrong(f"no command {words[0]}")
    elif words:
        of_django(words, whole)


def of_django(words, whole):
    parsed = parser(words[0], whole).parse_args(words[1:])
    load_checks()
    if unknown := set(getattr(parsed, "only", [])) - {each.name for each in CHECKS}:
        raise Wrong(f"no check {', '.join(sorted(unknown))}")


def of_host(words, whole):
    if words and words[0] not in re.findall(r"preau-host ([a-z]+)", help_of("preau-host")):
        raise Wrong(f"preau-host has no {words[0]}")
    if words[:1] == ["doctor"]:
        of_preau(words, whole)
    elif words:
        handed = HANDED_ON.get(words[0], "preau-host")
        known(words, options("preau-host") | options(handed), SCRIPTS[handed])


def of_install(words, whole):
    known(words, options("install.sh"), "install.sh")


def known(words, there, name):
    if unknown := {each for each in words if OPTION.match(each)} - there:
        raise Wrong(f"{name} has no {', '.join(sorted(unknown))}")


@cache
def help_of(script):
    command = ["bash", ROOT / "deploy" / SCRIPTS[script], "--help"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def options(script):
    return set(OPTION.findall(help_of(script))) | {"--help"}


def parser(name, whole):
    found = load_command_class(get_commands()[name], name).create_parser("preau", name)
    for each in parsers(found):
        each.allow_abbrev = False
        for needed in (*each._actions, *each._mutually_exclusive_groups):
            needed.required = needed.required and whole
    return found


def parsers(one):
    yield one
    for action in one._actions:
        if isinstance(action, argparse._SubParsersAction):
            for each in action.choices.values():
                yield from parsers(each)


@cache
def all_options(name):
    if not get_commands()[name].startswith("instance"):
        return set()
    return {
        option for each in parsers(parser(name, True)) for action in each._actions for option in action.option_strings
    }
