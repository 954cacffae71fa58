"""Rows that move through named states, one declared step at a time."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import QuerySet
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
        if not rows.update(**{"state_since": now(), **changes, "state": to}):
            return False
        self.refresh_from_db()
        return True

    @classmethod
    def step_all(cls, rows: QuerySet[Self], of: str, to: str, **changes: object) -> int:
        """Move those of `rows` that are still in the state `of`, in one statement; how many they were."""
        if to not in cls.STEPS.get(of, set()):
            raise ImpossibleStep(f"{of} -> {to}")
        return rows.filter(state=of).update(state=to, state_since=now(), **changes)
