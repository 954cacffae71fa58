"""Lets `preau doctor` start where nothing else does: a setting that is wrong is noted, and stood in for, here only."""

import base64
import os
import re
import secrets
import tempfile
from collections.abc import Callable, MutableMapping

from django.core.exceptions import ImproperlyConfigured

from instance import configuration

BROKEN: dict[str, str] = {}  # by variable, what the configuration said of it
VARIABLE = re.compile(r"PREAU_[A-Z_]+|DATABASE_(?:DIRECT_)?URL|REDIS_URL")
STAND_INS: dict[str, Callable[[], str]] = {
    "PREAU_HOST": lambda: "preau.invalid",
    "PREAU_SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "PREAU_KEYS_SECRET": lambda: base64.urlsafe_b64encode(os.urandom(32)).decode(),
    "PREAU_DATA": lambda: tempfile.mkdtemp(prefix="preau-doctor-"),
}


def stand_in(environment: MutableMapping[str, str] = os.environ) -> dict[str, str]:
    """Make this environment one that Django starts with; what was wrong, by variable."""
    while True:
        try:
            configuration.read(dict(environment))
        except ImproperlyConfigured as error:
            found = VARIABLE.search(str(error))
            name = found.group() if found else ""
            if not name or name in BROKEN:  # standing in did not help
                raise
            BROKEN[name] = str(error)
            replace(environment, name)
        else:
            return BROKEN


def replace(environment: MutableMapping[str, str], name: str) -> None:
    if name in STAND_INS:
        environment[name] = STAND_INS[name]()
    else:
        environment.pop(name, None)  # what is left out has its usual value
