#!/usr/bin/env python3
"""The command line of an instance: `preau serve`, `preau peers list`, and every Django command."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "instance.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        if sys.argv[1:2] == ["doctor"]:  # it starts with any settings, to say what is wrong with them
            from instance.doctor.stand_ins import stand_in

            stand_in()
        execute_from_command_line(["preau", *sys.argv[1:]])
    except ImproperlyConfigured as error:
        sys.exit(f"preau: {error}")  # the sentence alone: it says what to do


if __name__ == "__main__":
    main()
