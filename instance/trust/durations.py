"""How long things last, as the code and the settings of this instance say it."""

import re
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from actors import approaches, arrivals, partnerships, throttle
from actors.leftovers import COMPARED, LEFT
from federation import absences, keys
from instance import applications, keep
from instance.configuration import ROOT
from instance.leftovers import UNUSED
from outbox import once
from outbox.leftovers import UPLOADS

UNITS = ((86400, ("jour", "day")), (3600, ("heure", "hour")), (60, ("minute", "minute")), (1, ("seconde", "second")))
BACKUP_UNITS = (Path("/etc/systemd/system/preau-backup.service"), ROOT / "deploy/systemd/preau-backup.service")


def durations(language: str, *, shipped: bool = False) -> dict[str, str]:
    """By the names that stand in {braces} in the register. `shipped`: as delivered, whatever this machine says."""
    kept = keep.usual() if shipped else settings.KEEP
    lasting = {
        "lien": arrivals.LINK_LIFE,
        "session": timedelta(seconds=settings.SESSION_COOKIE_AGE),
        "cle": keys.HONOURED,
        "demande": once.KEPT,
        "jeton": timedelta(seconds=settings.TOKEN_LIFE),
        "code": applications.CODE_LIFE,
        "essai": throttle.WINDOW,
        "lettres": kept["letters"],
        "traces": kept["traces"],
        "notifications": kept["notifications"],
        "signalements": kept["reports"],
        "fichiers": UPLOADS,
        "comparaison": COMPARED,
        "depart": LEFT,
        "inscriptions": UNUSED,
        "restes": keep.WITHOUT_A_ROW,
    }
    counted = {"absences": absences.MOST, "echanges": partnerships.KEPT, "approches": approaches.MOST}
    written = {name: spelled(each, language) for name, each in lasting.items()}
    numbers = {name: digits(each, language) for name, each in counted.items()}
    return written | numbers | {"sauvegardes": str(nights(BACKUP_UNITS[1:] if shipped else BACKUP_UNITS))}


def spelled(lasts: timedelta, language: str) -> str:
    """In the largest unit that says it whole: 90 minutes, 14 jours."""
    seconds = int(lasts.total_seconds())
    size, names = next(unit for unit in UNITS if seconds % unit[0] == 0)
    count = seconds // size
    return f"{count} {names[language != 'fr']}{'s' if count > 1 else ''}"


def digits(number: int, language: str) -> str:
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}" if language == "fr" else ",")


def nights(units: tuple[Path, ...]) -> int:
    """How many backups are kept, as the first unit that is there says; 0 when none does."""
    for path in units:
        if path.is_file() and (found := re.search(r"--keep (\d+)", path.read_text())):
            return int(found[1])
    return 0
