"""Rows that move through named states, one declared step at a time."""

from collections.abc import Iterable
from typing import ClassVar, Self

from django.db import models
from django.utils.timezone import now


class ImpossibleStep(Exception):
    """The move is not declared in `STEPS`: a mistake of ours, never of a peer."""


class Stateful(models.Model):
    """Declare `STEPS`, the moves that exist; `step` is the only way to make one."""

    STEPS: ClassVar[dict[str, set[str]]]

    state = models.CharField(max_length=20)
    state_since = models.DateTimeField(default=now)

    class Meta:
        abstract = True

    def step(self, to: str, **changes: object) -> bool:
        """Move to `to`. False when somebody else moved the row first."""
        if to not in self.STEPS.get(self.state, set()):
            raise ImpossibleStep(f"{self.state} -> {to}")
        rows = type(self)._base_manager.filter(pk=self.pk, state=self.state)
        if not rows.update(state=to, state_since=now(), **changes):
            return False
        self.refresh_from_db()
        return True

    @classmethod
    def step_all(cls, rows: Iterable[Self], to: str, **changes: object) -> int:
        """Move rows that are in one state, in one statement; how many nobody else had moved first."""
        taken = list(rows)
        states = {row.state for row in taken}
        for state in states:
            if len(states) > 1 or to not in cls.STEPS.get(state, set()):
                raise ImpossibleStep(f"{sorted(states)} -> {to}")
        mine = cls._base_manager.filter(pk__in=[row.pk for row in taken], state__in=states)
        return mine.update(state=to, state_since=now(), **changes)
