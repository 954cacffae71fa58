"""Make this instance again from a backup: everything is checked before anything is touched."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.timezone import now

from actors import moving
from actors.models import Actor
from inbox import renaming
from instance import database, maintenance
from instance.backups import Unusable, afterwards, facts, keys_apart, manifest, media
from instance.backups.manifest import Manifest, engine

Tell = Callable[[str], None]
STAMP = "%Y%m%dT%H%M%SZ"


def check(folder: Path, keys: dict[str, str] | None = None, new_keys: bool = False) -> tuple[Manifest, str]:
    """What it says of itself, and the secret that its keys are sealed with, "" for one that is lost. Unusable."""
    said = manifest.read(folder)
    manifest.must_fit(said)
    secret = "" if new_keys else secret_for(said.host, said.keys, keys)
    manifest.must_be_whole(folder, said, secret)
    return said, secret


def secret_for(host: str, mark: str, keys: dict[str, str] | None) -> str:
    """The one of the settings, if it has this mark under the name of then; else that of the file of keys."""
    for secret in (settings.KEYS_SECRET, (keys or {}).get("PREAU_KEYS_SECRET", "")):
        if manifest.mark_of(secret, host) == mark:
            return secret
    if keys:
        raise Unusable("Ce fichier de clés n’est pas celui de cette sauvegarde ou de cet export : prenez-en un autre.")
    raise Unusable(
        f"Les clés de {settings.HOST} ne sont pas sur cette machine. Ajoutez le fichier qu’a écrit preau backup ou"
        f" preau export avec --keys-to : --keys FICHIER{keys_apart.ENDING} ; s’il est perdu : --new-keys"
    )


def restore(folder: Path, keys: dict[str, str] | None, replace: bool, tell: Tell, new_keys: bool = False) -> None:
    """Into this instance, which must be stopped, and empty unless it is to be replaced. Unusable.

    The doors stay closed until all is done; should it be interrupted, they cannot be opened (`maintenance`).
    """
    said, secret = check(folder, keys, new_keys)
    tell(f"Sauvegarde du {said.taken_at} vérifiée : {len(said.parts)} fichiers intacts.")
    must_be_free(replace)
    was_closed = maintenance.is_on() and not maintenance.is_restoring()
    maintenance.turn_on(maintenance.RESTORING)
    for path in [] if is_empty() else put_aside(f"{now():{STAMP}}"):
        tell(f"Ce qui était là est gardé : {path}")
    put_back(folder, said, tell)
    tell(f"Base de données et {len(said.parts) - 1} fichiers remis en place.")
    database.bring_up_to_date()
    afterwards.settle(secret)
    if moving.former():
        tell(f"{renaming.take_name()} comptes, qui portaient alors un autre nom, portent {settings.HOST}.")
    afterwards.ask_around(tell)
    maintenance.finish(stay_closed=was_closed)


def must_be_free(replace: bool) -> None:
    if not replace and not is_empty():
        raise Unusable(
            f"{settings.HOST} contient déjà des données, et rien n’a été touché. Pour les remplacer par la sauvegarde"
            " (elles seront gardées de côté), ajoutez --replace"
        )
    engine().must_be_alone()  # the last that is asked: what we had open ourselves is closed


def is_empty() -> bool:
    """Nobody of ours, and no media on this machine: what a bucket holds outlives machines, and is not written over."""
    try:
        people = Actor.objects.filter(local=True).exists()
    except DatabaseError:  # no table yet, or no database that can be read
        people = False
    return not people and (settings.MEDIA_BUCKET is not None or media.on_disk_is_empty())


def put_aside(stamp: str) -> list[Path]:
    moved: list[Path] = engine().set_aside(stamp)
    return moved if settings.MEDIA_BUCKET else moved + media.set_disk_aside(stamp)


def put_back(folder: Path, said: Manifest, tell: Tell) -> None:
    """Media come first: what the database names is there when it comes."""
    settle = media.bring(folder, said.parts)
    engine().load(folder)
    connection.ensure_connection()
    if (found := facts.counts(connection.connection)) != said.counts:
        raise Unusable(f"La base remise en place ne compte pas ce que la sauvegarde annonce : {found}, {said.counts}.")
    if aside := settle(f"{now():{STAMP}}"):
        tell(aside)
