"""CustomEmoji: the organisation's own."""

from typing import Any

from instance import media_links
from outbox.emoji import Emoji

Entity = dict[str, Any]


def emoji(row: Emoji) -> Entity:
    url = media_links.emoji(row)
    return {
        "shortcode": row.shortcode,
        "url": url,
        "static_url": url,
        "visible_in_picker": True,
        "category": row.category or None,
    }
