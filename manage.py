#!/usr/bin/env python3
"""The command line of an instance: `preau serve`, `preau peers list`, and every Django command."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "instance.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["preau", *sys.argv[1:]])


if __name__ == "__main__":
    main()
