"""A short message: the default kind."""

from typing import Any

from outbox import text
from outbox.models import Post

name, type = "note", "Note"


def to_document(post: Post) -> dict[str, Any]:
    return {"content": post.html, "source": {"content": post.source, "mediaType": "text/markdown"}}


def from_document(document: dict[str, Any]) -> dict[str, Any]:
    summary = text.plain(document.get("summary"), 300)
    return {"html": text.clean(document.get("content")), "title": summary}
