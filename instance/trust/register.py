"""Each column of each table, declared: personal data, with purpose and retention, or none.

The declarations are in `register/`, one file for each application of Django. A column that is in none of them fails a
test, and so does a declaration whose column is gone.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps

FOLDER = Path(__file__).parent / "register"
WORDS, RETENTION, PLACES, PHRASES, DJANGO = "words", "retention", "places", "phrases", "django"
LANGUAGES = ("fr", "en")
KEYS = {"fr", "en", "for", "whose", "keeps", "seen", "leaves", "plain", "personal", "except", "unused"}
FATE = ("whose", "keeps", "seen", "leaves")
Words = dict[str, str]
Declared = dict[str, Any]


class Undeclared(ValueError):
    """A declaration that says too little, too much, or what has no words."""


@dataclass(frozen=True)
class Column:
    """Personal data: of what kind, whose, kept until when, read by whom, sent where. Each is a key of `words()`."""

    name: str
    category: str
    whose: str
    keeps: str
    seen: str
    leaves: str

    @property
    def fate(self) -> tuple[str, str, str, str]:
        return self.whose, self.keeps, self.seen, self.leaves


@dataclass(frozen=True)
class Table:
    """A table, as `app.Model`; `columns` are personal data, `plain` are none. `unused`: nobody writes in it."""

    label: str
    title: Words
    treatment: str
    columns: tuple[Column, ...]
    plain: frozenset[str]
    unused: bool

    @property
    def names(self) -> list[str]:
        return [*(each.name for each in self.columns), *self.plain]


@cache
def read(name: str) -> Declared:
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def words(kind: str) -> dict[str, Any]:
    """`treatment`, `basis`, `whose`, `category`, `seen` or `leaves`: by key, in each language."""
    found: dict[str, Any] = read(WORDS)[kind]
    return found


def retention() -> dict[str, Any]:
    """Until when, by key: in each language, and `by` which functions; `open` when nothing deletes it yet."""
    return read(RETENTION)


@cache
def tables() -> tuple[Table, ...]:
    names = sorted(path.stem for path in FOLDER.glob("*.toml"))
    each = [name for name in names if name not in (WORDS, RETENTION, PLACES, PHRASES)]
    return tuple(table(label_of(name, key), said) for name in each for key, said in read(name).items())


def label_of(application: str, key: str) -> str:
    return key if application == DJANGO else f"{application}.{key}"


def table(label: str, said: Declared) -> Table:
    """Undeclared when it does not say all that it must, in words that exist."""
    if unknown := said.keys() - KEYS:
        raise Undeclared(f"{label}: {', '.join(sorted(unknown))}")
    if not all(said.get(language) for language in LANGUAGES):
        raise Undeclared(f"{label}: it has no name in each language")
    columns = tuple(columns_of(label, said))
    if columns and said.get("for") not in words("treatment"):
        raise Undeclared(f"{label}: what for?")
    title = {language: str(said[language]) for language in LANGUAGES}
    plain = str(said["plain"]).split()
    found = Table(label, title, said.get("for", ""), columns, frozenset(plain), said.get("unused") is True)
    if len(plain) + len(columns) != len(set(found.names)):
        raise Undeclared(f"{label}: a column is declared twice")
    return found


def columns_of(label: str, said: Declared) -> Iterator[Column]:
    personal, exceptions = said.get("personal", {}), said.get("except", {})
    if strange := exceptions.keys() - personal.keys():
        raise Undeclared(f"{label}: {', '.join(sorted(strange))} is excepted from nothing")
    for name, category in personal.items():
        fate = {key: said.get(key, "") for key in FATE} | exceptions.get(name, {})
        if fate.keys() != set(FATE):
            raise Undeclared(f"{label}.{name}: {', '.join(sorted(fate.keys() - set(FATE)))}")
        known = {"keeps": retention(), **{key: words(key) for key in ("whose", "seen", "leaves")}}
        wordless = [key for key, among in known.items() if fate[key] not in among]
        if wordless or category not in words("category"):
            raise Undeclared(f"{label}.{name}: {', '.join(wordless) or category}")
        yield Column(name, category, **fate)


def existing() -> set[tuple[str, str]]:
    """Every column of every table there is, Django's and its libraries' too."""
    models = apps.get_models(include_auto_created=True)
    return {(each._meta.label, field.name) for each in models for field in each._meta.concrete_fields}


def undeclared() -> list[str]:
    """Columns that nobody has said anything of."""
    return sorted(".".join(each) for each in existing() - declared())


def gone() -> list[str]:
    """Declarations of columns that are no more."""
    return sorted(".".join(each) for each in declared() - existing())


def declared() -> set[tuple[str, str]]:
    return {(each.label, name) for each in tables() for name in each.names}


def wordings() -> Iterator[tuple[str, Words]]:
    """Everything that is said in words, with where: each must be there in each language."""
    for kind, found in read(WORDS).items():
        yield from ((f"{kind}.{key}", said) for key, said in found.items())
    yield from retention().items()
    yield from read(PHRASES).items()
    yield from ((f"{key}.means", said["means"]) for key, said in words("category").items())
    for key, place in read(PLACES).items():
        yield from ((f"{key}.{part}", said) for part, said in (("", place), ("what", place["what"])))
        yield f"{key}.until", place["until"]
