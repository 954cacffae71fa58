"""Brings the database up to date before it is used, or says which setting to look at."""

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError


def bring_up_to_date() -> None:
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise CommandError(f"the database that DATABASE_URL names cannot be opened: {reason}.") from error
