"""A longer text with a title."""

from typing import Any

from outbox.kinds import pieces
from outbox.models import Post

name, type = "article", "Article"


def to_document(post: Post) -> dict[str, Any]:
    return {"name": post.title, **pieces.written(post)}


def from_document(document: dict[str, Any]) -> dict[str, Any]:
    return pieces.titled(document)
