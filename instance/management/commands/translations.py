"""Brings the catalogues of translations up to date with the texts that code and templates hold.

It stands in for Django's makemessages, which needs the gettext programs; Babel reads the same marks without them.
"""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.timezone import now
from django.utils.translation import gettext_noop
from django.utils.translation.template import templatize

from instance.configuration import ROOT

ROOMS = ("federation", "actors", "outbox", "inbox", "instance")
KEYWORDS = {**DEFAULT_KEYWORDS, **{f"{name}_lazy": spec for name, spec in DEFAULT_KEYWORDS.items() if name != "_"}}
KEYWORDS["gettext_noop"] = None  # a text that is also a name in the code: it is translated where it is shown
HEADER = "# Préau, texts of the interface. `make messages` keeps the list; only the msgstr lines are written by hand."


class Command(BaseCommand):
    help = gettext_noop("Met les catalogues de traductions à jour d’après les textes du code et des pages.")
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for language, _name in settings.LANGUAGES:
            if language != settings.LANGUAGE_CODE:
                missing = refresh(catalogue_path(language), language)
                self.stdout.write(f"{language}: {missing} texts to translate")


def catalogue_path(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def refresh(path: Path, language: str) -> int:
    """Rewrite a catalogue: new texts are added, gone ones removed, translations kept. Returns how many are missing."""
    catalogue = load(path, language)
    catalogue.update(found_texts(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.header_comment = HEADER
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, include_lineno=False, ignore_obsolete=True, sort_output=True)
    return sum(not is_translated(message) for message in catalogue if message.id)


def load(path: Path, language: str) -> Catalog:
    if not path.exists():
        people = {"msgid_bugs_address": "", "last_translator": "", "language_team": "Préau"}
        return Catalog(locale=language, project="Préau", version="", revision_date=now(), fuzzy=False, **people)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def is_translated(message: Message) -> bool:
    """A plural needs each of its forms."""
    string: object = message.string
    return all(string) if isinstance(string, list | tuple) else bool(string)


def found_texts() -> Catalog:
    """A catalogue without translations, of every text marked in the rooms and their templates."""
    found = Catalog(project="Préau", fuzzy=False)
    for path, source in sources():
        for _line, text, comments, context in extract("python", BytesIO(source), KEYWORDS, ["Translators:"]):
            found.add(text, locations=[(str(path.relative_to(ROOT)), 0)], auto_comments=comments, context=context)
    return found


def sources() -> Iterable[tuple[Path, bytes]]:
    """Files that may hold texts, as Python: Django itself turns a template into calls of gettext."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path, path.read_bytes()
    for path in sorted((ROOT / "templates").rglob("*.*")):
        yield path, as_python(templatize(path.read_text(), origin=str(path)))


def as_python(calls: str) -> bytes:
    """What Django writes for xgettext still has the template's indentation, which Python takes for blocks."""
    return "\n".join(line.strip() for line in calls.splitlines()).encode()
