"""MediaAttachment: an image, or a document, which clients offer as a file."""

from typing import Any

from actors.models import Actor
from instance import media_links
from outbox.posts import Attachment

Entity = dict[str, Any]
SMALL = 640


def attachment(row: Attachment, viewer: Actor) -> Entity:
    """Without an address while an own upload is prepared. What a post carries always has one, for many applications
    take no list of statuses in which it is null; there is nothing behind it until the file was fetched."""
    image, prepared = row.kind == "image" and row.state != "missing", row.state == "kept" or bool(row.post_id)
    whole = media_links.url(row, viewer, "original") if prepared else None
    return {
        "id": str(row.pk),
        "type": "image" if image else "unknown",
        "url": whole,
        "preview_url": media_links.url(row, viewer, "small") if image and whole else whole,
        "remote_url": None,  # other houses show it to ours, not to applications
        "preview_remote_url": None,
        "text_url": None,
        "meta": meta(row) if image and row.width else {},
        "description": row.description or (row.name if row.kind != "image" else "") or None,
        "blurhash": row.blurhash or None,
    }


def meta(row: Attachment) -> Entity:
    ratio = min(1.0, SMALL / max(row.width, row.height))
    small = size(max(1, round(row.width * ratio)), max(1, round(row.height * ratio)))
    return {"original": size(row.width, row.height), "small": small, "focus": {"x": row.focus_x, "y": row.focus_y}}


def size(width: int, height: int) -> Entity:
    return {"width": width, "height": height, "size": f"{width}x{height}", "aspect": round(width / max(1, height), 4)}
