"""A private message of servers that keep those apart: a message like any other, for whom it names."""

from typing import Any

from outbox.kinds import pieces

name = "note"
types = ("ChatMessage",)


def from_document(document: dict[str, Any]) -> dict[str, Any]:
    return pieces.titled(document)
