"""A poll held elsewhere, read as a note that lists what one may choose; one votes where it is held."""

from html import escape
from typing import Any

from django.utils.translation import gettext as _

from federation import words
from federation.vocabulary import as_list
from outbox.kinds import pieces

name = "note"
types = ("Question",)
OPTIONS = 20


def from_document(document: dict[str, Any]) -> dict[str, Any]:
    offered = as_list(document.get("oneOf")) or as_list(document.get("anyOf"))
    names = [words.line(each.get("name"), 200) for each in offered[:OPTIONS] if isinstance(each, dict)]
    choices = "".join(f"<li>{escape(each)}</li>" for each in names if each)
    end = pieces.day(document.get("endTime"))
    until = f"<p>{escape(_('Fin'))} : {escape(end)}</p>" if end else ""
    return pieces.titled(document, f"<ul>{choices}</ul>" if choices else "", until, pieces.original(document))
