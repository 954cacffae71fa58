#!/usr/bin/env python3
"""The command line of an instance: `preau serve`, `preau peers list`, and every Django command."""

import sys


def main() -> None:
    from instance.command_line import main

    main(sys.argv[1:])


if __name__ == "__main__":
    main()
