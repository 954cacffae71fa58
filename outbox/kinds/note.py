"""A short message, the default kind; its title is a warning about its content."""

from typing import Any

from outbox.kinds import pieces
from outbox.models import Post

name, type = "note", "Note"


def to_document(post: Post) -> dict[str, Any]:
    return {"summary": post.title or None, **pieces.written(post)}


def from_document(document: dict[str, Any]) -> dict[str, Any]:
    return pieces.titled(document)
