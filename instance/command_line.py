"""The command line of an instance: what cannot be done is said in one sentence; a traceback is for who asks for it."""

import difflib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, ManagementUtility, get_commands
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.utils.translation import activate, gettext

from instance import __version__, command_page, parser_words
from instance.place import here, town

TRACEBACK, ALL = "--traceback", "--all"
HELP = {"help", "-h", "--help"}
OF_DJANGO = {"--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color"}


class CommandLine(ManagementUtility):
    def fetch_command(self, subcommand: str) -> BaseCommand:
        there = get_commands() if settings.INSTALLED_APPS else {}  # what is wrong with the settings is said before
        if HELP & set(self.argv):
            activate(command_page.language())
        if subcommand not in there:
            near = difflib.get_close_matches(subcommand, there, n=1)
            meant = f"Vouliez-vous dire : preau {near[0]} ?" if near else "Celles qu’il y a : preau --help"
            raise CommandError(here(f"Il n’y a pas de commande {subcommand}. {meant}"))
        command = super().fetch_command(subcommand)
        if there[subcommand] == "instance":
            command.help = gettext(command.help)
            command.suppressed_base_arguments = OF_DJANGO
        return command


def main(words: Sequence[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "instance.settings")
    if command_page.language() == "fr":
        parser_words.speak_french()
    if not words or (words[0] in HELP and len(words) == 1):
        sys.stdout.write(command_page.page(command_page.language(), town()))
        return None
    if words[0] in ("version", "--version"):  # not Django's
        sys.stdout.write(f"Préau {__version__}\n")
        return None
    if words[0] in HELP and words[1:] == [ALL]:
        words = ["help"]
    if words[:1] == ["doctor"]:  # it starts with any settings, to say what is wrong with them
        from instance.doctor.stand_ins import stand_in

        stand_in()
    if TRACEBACK in words:
        return run(words)
    try:
        # Django prints what it catches with the name of its class; asked for a traceback, it hands it on to us.
        return run([*words[:1], TRACEBACK, *words[1:]] if words and not words[0].startswith("-") else words)
    except ImproperlyConfigured as error:
        end(f"preau: {error} (En français, et tout ce qui ne va pas : {here('preau doctor')})")
    except CommandError as error:
        end(str(error), error.returncode)
    except (OperationalError, InterfaceError, ProgrammingError) as error:
        reason = str(error).strip().partition("\n")[0].rstrip(".")
        end(here(f"La base de données n’a pas répondu comme il faut ({reason}). Pour savoir quoi faire : preau doctor"))
    except KeyboardInterrupt:
        end("Interrompu.", 130)


def run(words: Sequence[str]) -> None:
    CommandLine([f"preau @{town()}" if town() else "preau", *words]).execute()


def end(sentence: str, status: int = 1) -> NoReturn:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(status)
