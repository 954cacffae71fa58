"""A short message: the default kind."""

from typing import Any

from outbox.kinds import pieces
from outbox.models import Post

name, type = "note", "Note"


def to_document(post: Post) -> dict[str, Any]:
    return {
        "content": post.html,
        "contentMap": {post.language: post.html},
        "source": {"content": post.source, "mediaType": "text/markdown"},
    }


def from_document(document: dict[str, Any]) -> dict[str, Any]:
    return pieces.titled(document)
