"""A house whose data is gone while its backups are there: to found it again would part it from all who know it."""

from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from actors.accounts import Agent
from actors.models import Organisation
from instance.backups import Unusable, manifest, places, taking
from instance.place import here

DO_NOT = "Ne la fondez pas de nouveau : restaurez."


def to_restore() -> Path | None:
    """The newest backup of each night, where nobody works in the database.

    One of another kind of database is none: to change from one to the other, a house is exported.
    """
    if not is_empty():
        return None
    kind, there = manifest.kind_of_database(), taking.all_whole(places.nightly())
    return next((folder for folder, said in there if said.database == kind), None)


def is_empty() -> bool:
    try:
        return not (is_founded() or Agent.objects.exists())
    except DatabaseError:  # no table yet
        return True


def is_founded() -> bool:
    return Organisation.objects.filter(host=settings.HOST).exclude(actor=None).exists()


def must_not_be() -> None:
    """Unusable."""
    if folder := to_restore():
        raise Unusable(
            here(
                f"La base de données est vide, et des sauvegardes sont là. {DO_NOT} preau restore {folder}"
                " ; pour la fonder malgré cela, sous de nouvelles clés : --found-anew"
            )
        )
