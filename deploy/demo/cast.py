"""Who works in the three houses, as the files of `content/` tell it."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from deploy.demo.towns import KEYS

CONTENT = Path(__file__).parent / "content"
FOURTH = (
    "la-ferte-orval.localhost:9",
    {
        "contact": "dpo@la-ferte-orval.example",
        "purpose": "Rejoindre le réseau du Pays d’Arlande",
        "words": "Nous sommes 77 agents à La Ferté-Orval, et nos jardiniers parlent déjà aux vôtres.",
    },
)
LEAST, MOST = 6, 40  # of agents in a house: the story needs the first ones


@dataclass(frozen=True)
class Person:
    """An agent who does not exist. `look` is what `portraits.portrait` reads; without it there is no portrait."""

    name: str
    occupation: str
    service: str
    look: str
    town: str
    role: str
    words: str


@cache
def house(town: str) -> dict[str, Any]:
    """All that is written of one house."""
    return tomllib.loads((CONTENT / f"{town}.toml").read_text())


def agents(town: str, limit: int) -> list[Person]:
    """The first `limit` agents of a house."""
    told = house(town)
    return [
        Person(
            name, occupation, service, look, town, told["roles"].get(name, "agent"), told.get("words", {}).get(name, "")
        )
        for name, occupation, service, look in told["agents"]["people"][:limit]
    ]


def everyone(limit: int) -> dict[str, Person]:
    """The agents of the three houses, by their names."""
    return {person.name: person for town in KEYS for person in agents(town, limit)}
