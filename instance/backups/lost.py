"""A house whose data is gone while its backups are there: to found it again would part it from all who know it."""

from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError

from actors.accounts import Agent
from actors.models import Organisation
from federation.errors import MediaAway
from instance import bucket
from instance.backups import Unusable, manifest, places, shelves, taking
from instance.backups.manifest import Manifest
from instance.place import here

DO_NOT = "Ne la fondez pas de nouveau : restaurez."


def to_restore() -> str:
    """The newest backup of each night, as `preau restore` takes it, where nobody works in the database; "" for none.

    One of another kind of database is none: to change from one to the other, a house is exported. MediaAway when they
    are in a bucket that does not answer.
    """
    if not is_empty():
        return ""
    kind = manifest.kind_of_database()
    there = [each for each in (*in_folder(), *in_bucket()) if each[1].database == kind]
    return max(there, key=lambda each: each[1].taken_at)[0] if there else ""


def in_folder() -> Iterator[tuple[str, Manifest]]:
    return ((str(folder), said) for folder, said in taking.all_whole(places.nightly()))


def in_bucket() -> Iterator[tuple[str, Manifest]]:
    """A bucket that is yet to be made holds none."""
    if settings.BACKUP_BUCKET is None:
        return
    try:
        for folder, said in shelves.all_whole(bucket.opened(settings.BACKUP_BUCKET)):
            yield f"{settings.BACKUP_BUCKET.shown}/{folder.rstrip('/')}", said
    except MediaAway as error:
        if str(error) != bucket.NO_BUCKET:
            raise


def is_empty() -> bool:
    try:
        return not (is_founded() or Agent.objects.exists())
    except DatabaseError:  # no table yet
        return True


def is_founded() -> bool:
    return Organisation.objects.filter(host=settings.HOST).exclude(actor=None).exists()


def must_not_be() -> None:
    """Unusable; also when nobody can tell."""
    try:
        place = to_restore()
    except MediaAway as error:
        raise Unusable(
            here(
                f"Le stockage des sauvegardes (PREAU_BACKUP_URL) ne répond pas ou refuse ({error}) : on ne peut pas"
                " savoir si cette collectivité y est déjà. Tapez : preau doctor --only stockage ; pour la fonder malgré"
                " cela, sous de nouvelles clés : --found-anew"
            )
        ) from error
    if place:
        raise Unusable(
            here(
                f"La base de données est vide, et des sauvegardes sont là. {DO_NOT} preau restore {place}"
                " ; pour la fonder malgré cela, sous de nouvelles clés : --found-anew"
            )
        )
