"""An examination: each check in its turn, none for long, and none in vain when what it needs is broken."""

import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from time import monotonic
from types import FrameType
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from instance.doctor.findings import CHECKS, DATABASE, Check, Finding, Level, fault
from instance.doctor.stand_ins import BROKEN

log = structlog.get_logger()
PACKAGE = "instance.doctor"
MODULES = (
    "configured", "settings_lines", "database", "machine", "running", "work", "kept", "stored", "outside", "reach",
    "names", "mail",
)  # fmt: skip
SECONDS, WHOLE = 8.0, 45.0  # for one check, and for all of them
CUT_SHORT = fault(
    "examen-interrompu",
    _("L’examen « %(name)s » n’a pas abouti (%(reason)s)."),
    _("Recommencez ; si cela dure, regardez le journal, et signalez-le à ceux qui font Préau."),
    "journalctl -u 'preau*' --since -1h",
)


@dataclass
class Examination:
    """What the checks have in common: what is already known to be broken, and how much of the disk must be free."""

    free_disk: int = 10  # percent
    patience: float = SECONDS  # with what may not answer
    broken: set[str] = field(default_factory=lambda: set(BROKEN))
    seen_outside: dict[str, Any] = field(default_factory=dict)
    until: float = field(default_factory=lambda: monotonic() + WHOLE)

    def __post_init__(self) -> None:
        if "DATABASE_URL" in self.broken or (settings.SQLITE and "PREAU_DATA" in self.broken):
            self.broken.add(DATABASE)


@dataclass(frozen=True)
class Result:
    """`skipped` names what the check would have needed."""

    check: Check
    findings: tuple[Finding, ...] = ()
    skipped: str = ""

    @property
    def level(self) -> Level:
        return max((each.level for each in self.findings), default=Level.FINE)


def examine(examination: Examination, checks: Iterable[Check] | None = None) -> list[Result]:
    """Every check of the list, in its order; all of them when none is named."""
    load_checks()
    be_impatient()
    return [result_of(each, examination) for each in (CHECKS if checks is None else checks) if each.concerns()]


def load_checks() -> None:
    """Each module registers its own; what comes first may show that what follows cannot be looked at."""
    for name in MODULES:
        import_module(f"{PACKAGE}.{name}")
    CHECKS.sort(key=lambda each: MODULES.index(each.look.__module__.removeprefix(f"{PACKAGE}.")))


def result_of(check: Check, examination: Examination) -> Result:
    if missing := check.needs & examination.broken:
        return Result(check, skipped=min(missing))
    try:
        with at_most(min(SECONDS, examination.until - monotonic())):
            return Result(check, tuple(check.look(examination)))
    except Exception as error:
        log.exception("doctor.cut_short", check=check.name)
        return Result(check, (CUT_SHORT(name=check.title, reason=type(error).__name__),))


def be_impatient() -> None:
    """A database behind a silent firewall would be waited for during minutes."""
    if not settings.SQLITE and connection.connection is None:
        connection.settings_dict.setdefault("OPTIONS", {}).setdefault("connect_timeout", 4)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """TimeoutError after so long, where a signal may tell it: in the main thread of a command."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    if seconds <= 0:
        raise TimeoutError
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
