"""Pages, films, recordings, albums, reviews of books: what other kinds of servers publish, read as an article."""

from typing import Any

from outbox.kinds import pieces

name = "article"
types = ("Page", "Video", "Audio", "Image", "Document", "Album", "Comment", "Quotation", "Review")


def from_document(document: dict[str, Any]) -> dict[str, Any]:
    return pieces.titled(document, pieces.links(document), pieces.original(document))
