"""MediaAttachment: an image, or a document, which clients offer as a file."""

from typing import Any

from actors.models import Actor
from instance import media_links
from outbox.posts import Attachment

Entity = dict[str, Any]
SMALL = 640


def attachment(row: Attachment, viewer: Actor) -> Entity:
    ready = row.state == "kept"
    image = row.kind == "image"
    whole = media_links.url(row, viewer, "original")
    return {
        "id": str(row.pk),
        "type": "image" if image else "unknown",
        "url": whole if ready else None,
        "preview_url": media_links.url(row, viewer, "small") if ready and image else whole if ready else None,
        "remote_url": row.remote_url or None,
        "preview_remote_url": None,
        "text_url": None,
        "meta": meta(row) if image and row.width else {},
        "description": row.description or row.name or None,
        "blurhash": row.blurhash or None,
    }


def meta(row: Attachment) -> Entity:
    ratio = min(1.0, SMALL / max(row.width, row.height))
    small = size(max(1, round(row.width * ratio)), max(1, round(row.height * ratio)))
    return {"original": size(row.width, row.height), "small": small, "focus": {"x": row.focus_x, "y": row.focus_y}}


def size(width: int, height: int) -> Entity:
    return {"width": width, "height": height, "size": f"{width}x{height}", "aspect": round(width / max(1, height), 4)}
