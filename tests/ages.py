"""Rows as they are after a time: just within how long they are kept, or just past it."""

from datetime import timedelta

from django.conf import settings
from django.utils.timezone import now

from federation import night

MOMENT = timedelta(minutes=5)


def aged(rows, column, age):
    """Make rows so old."""
    rows.update(**{column: now() - age})


def kept(name):
    """For how long the settings keep it."""
    return settings.KEEP[name]


def clear_all():
    """One night, without its pauses; how many went of each kind."""
    return {name: count for name in night.CHORES if (count := night.clear(name))}
