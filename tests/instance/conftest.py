"""The canaries that the house's doors are tried with."""

from tests.rounds import canaries, people  # noqa: F401  fixtures
