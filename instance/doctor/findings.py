"""The words of an examination: checks, and the ailments that each may find, with their remedies.

An ailment is declared beside the check that finds it; `docs/operations/que-faire-si.md` is made of these declarations.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop

from instance.place import here

if TYPE_CHECKING:
    from instance.doctor.examination import Examination

Text = str | Promise
DATABASE = gettext_noop("base de données")  # what a check may need, beside settings


class Level(IntEnum):
    """The exit statuses of `preau doctor`, as monitoring expects them."""

    FINE, WARNING, FAULT = range(3)


@dataclass(frozen=True)
class Ailment:
    """A kind of finding: what is wrong, what to do, and the command to type when one helps, all with %(facts)s.

    Each is translated when it is read, in the language of whoever reads.
    """

    code: str
    level: Level
    says: Text
    do: Text
    command: Text = ""

    def __call__(self, **facts: object) -> "Finding":
        return Finding(self, facts)


@dataclass(frozen=True)
class Finding:
    ailment: Ailment
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.ailment.code

    @property
    def level(self) -> Level:
        return self.ailment.level

    @property
    def says(self) -> str:
        return str(self.ailment.says) % self.facts

    @property
    def do(self) -> str:
        return here(str(self.ailment.do) % self.facts)

    @property
    def command(self) -> str:
        return here(str(self.ailment.command) % self.facts)


Look = Callable[["Examination"], Iterator[Finding]]


@dataclass(frozen=True)
class Check:
    """`fine` is what is true when nothing is found; `outside`: others are called, which takes seconds.

    Its `name` is what one types after `--only`, the same in each language; its `title` is what one reads. Without what
    it `concerns` (Redis, say) a house is not examined for it.
    """

    name: str
    fine: Text
    look: Look
    finds: tuple[Ailment, ...]
    needs: frozenset[str]
    outside: bool
    concerns: Callable[[], bool] = lambda: True

    @property
    def title(self) -> str:
        return gettext(self.name)


CHECKS: list[Check] = []


def fault(code: str, says: Text, do: Text, command: Text = "") -> Ailment:
    """Something does not work, or is not safe."""
    return Ailment(code, Level.FAULT, says, do, command)


def warning(code: str, says: Text, do: Text, command: Text = "") -> Ailment:
    """It works, and will not for long, or not for all."""
    return Ailment(code, Level.WARNING, says, do, command)


def note(code: str, says: Text, do: Text, command: Text = "") -> Ailment:
    """What could not be told: no reason to wake anybody."""
    return Ailment(code, Level.FINE, says, do, command)


def check(
    name: str,
    fine: Text,
    finds: Iterable[Ailment],
    needs: Iterable[str] = (),
    outside: bool = False,
    concerns: Callable[[], bool] = lambda: True,
) -> Callable[[Look], Look]:
    """Register a check; it is left out when one of the things that it needs is itself broken."""

    def register(look: Look) -> Look:
        CHECKS.append(Check(name, fine, look, tuple(finds), frozenset(needs), outside, concerns))
        return look

    return register
