"""The part that one house plays: which house it is, who is there, and since when."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from deploy.demo import cast, towns
from deploy.demo.cast import Person
from deploy.demo.towns import Town


@dataclass(frozen=True)
class Plan:
    """What the three houses have in common, decided at the first start."""

    folder: Path
    first_port: int
    agents: int
    begun: datetime

    @cached_property
    def towns(self) -> dict[str, Town]:
        return {town.key: town for town in towns.all_of(self.folder, self.first_port)}

    @cached_property
    def people(self) -> dict[str, Person]:
        return cast.everyone(self.agents)

    @property
    def notes(self) -> Path:
        """Where each house writes the address of what it has said, for those who answer."""
        return self.folder / "said"


@dataclass(frozen=True)
class Part:
    """The plan, seen from one house."""

    plan: Plan
    town: Town

    @property
    def others(self) -> list[Town]:
        return [each for each in self.plan.towns.values() if each != self.town]

    @property
    def ours(self) -> list[Person]:
        return [person for person in self.plan.people.values() if person.town == self.town.key]
