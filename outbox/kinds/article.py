"""A longer text with a title."""

from typing import Any

from outbox.kinds import note, pieces
from outbox.models import Post

name, type = "article", "Article"


def to_document(post: Post) -> dict[str, Any]:
    return {"name": post.title, **note.to_document(post)}


def from_document(document: dict[str, Any]) -> dict[str, Any]:
    return pieces.titled(document)
