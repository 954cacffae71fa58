"""A short message: the default kind."""

from typing import Any

from federation import words
from outbox.models import Post

name, type = "note", "Note"


def to_document(post: Post) -> dict[str, Any]:
    return {
        "content": post.html,
        "contentMap": {post.language: post.html},
        "source": {"content": post.source, "mediaType": "text/markdown"},
    }


def from_document(document: dict[str, Any]) -> dict[str, Any]:
    summary = words.line(document.get("summary"), 300)
    return {"html": words.clean(document.get("content")), "title": summary}
