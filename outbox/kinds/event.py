"""A meeting announced elsewhere, read as an article that says when and where."""

from html import escape
from typing import Any

from django.utils.translation import gettext as _

from federation import words
from federation.vocabulary import as_list
from outbox.kinds import pieces

name = "article"
types = ("Event",)


def from_document(document: dict[str, Any]) -> dict[str, Any]:
    facts = [
        (_("Début"), pieces.day(document.get("startTime"))),
        (_("Fin"), pieces.day(document.get("endTime"))),
        (_("Lieu"), place(document.get("location"))),
    ]
    said = "".join(f"<li>{escape(label)} : {escape(fact)}</li>" for label, fact in facts if fact)
    return pieces.titled(
        document, f"<ul>{said}</ul>" if said else "", pieces.links(document), pieces.original(document)
    )


def place(location: object) -> str:
    """Its name and its address, as far as they are text."""
    found = next((each for each in as_list(location) if isinstance(each, dict)), {})
    address = found.get("address")
    parts = [found.get("name"), address]
    if isinstance(address, dict):
        parts += [address.get(key) for key in ("streetAddress", "postalCode", "addressLocality")]
    return ", ".join(filter(None, (words.line(each, 200) for each in parts)))
