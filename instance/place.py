"""Commands as they are typed on this machine: for an instance that is alone on it, or for a town among others."""

import re
from contextlib import suppress

from instance.configuration import settings_file

SETTINGS = re.compile(r"/etc/preau-host/([a-z0-9-]+)/preau\.env")


def town() -> str:
    """Its name on a host of many (`preau-host`), or ""."""
    found = SETTINGS.fullmatch(str(settings_file()))
    return found[1] if found else ""


def port() -> int:
    """Where the program listens, as deploy/install.sh left it; 0 where that did not install it."""
    with suppress(OSError):
        said = settings_file().with_name("install.answers").read_text()
        found = re.search(r"^port=([0-9]+)$", said, re.MULTILINE)
        return int(found[1]) if found else 0 if town() else 8000
    return 0


def here(text: str) -> str:
    name = town()
    return at(name, text) if name else text


def at(name: str, text: str) -> str:
    """The same, for that town: its service, its own version of the program, and the command that speaks of it."""
    for pattern, instead in (
        (r"'preau\*'", f"'preau*@{name}.service'"),
        (r"\b(systemctl [a-z-]+) preau\b(?![-@])", rf"\1 preau@{name}"),
        (r"(/opt|/var/lib|/var/backups)/preau\b(?!-)", rf"\1/preau-host/{name}"),
        (r"-([og]) preau\b(?!-)", rf"-\1 preau-{name}"),
        (r"(?<![\w@/'])preau (?=[a-z])", f"preau @{name} "),
    ):
        text = re.sub(pattern, instead, text)
    return text
