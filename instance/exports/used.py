"""Which exports were imported here: one goes on where the other instance stopped once, and nowhere that has a life."""

import os

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError

from instance.exports.manifest import Manifest

NAME = "importes"
LIFE = ("federation.peer", "federation.dispatch", "inbox.receipt", "outbox.post", "oauth2_provider.accesstoken")


def goes_on(said: Manifest, secret: str) -> bool:
    """Asked before anything is touched. A manifest whose seal cannot be checked is not believed about what it omits."""
    return bool(secret) and said.nothing_since and said.seal not in seals() and not has_lived()


def has_lived() -> bool:
    """It may be the very house of the export, later: what was ended since must not begin again.

    A house that was installed and set up to be replaced has none of these yet.
    """
    return any(map(has_rows, LIFE))


def has_rows(kind: str) -> bool:
    try:
        return bool(apps.get_model(kind)._base_manager.exists())
    except DatabaseError:  # no table yet, or no database that can be read
        return False


def seals() -> set[str]:
    try:
        return set((settings.DATA / NAME).read_text().split())
    except FileNotFoundError:
        return set()


def note(said: Manifest) -> None:
    """Before its doors open: they stay closed when this cannot be written."""
    with (settings.DATA / NAME).open("a") as file:
        file.write(f"{said.seal}\n")
        file.flush()
        os.fsync(file.fileno())
