"""Tag and FeaturedTag: subjects, without trends."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from django.conf import settings

from actors.models import Actor
from inbox import followed_tags
from outbox import featured_tags, subjects
from outbox.featured_tags import FeaturedTag
from outbox.subjects import Use

Entity = dict[str, Any]


def tags(names: Sequence[str], viewer: Actor) -> list[Entity]:
    followed = followed_tags.among(viewer, names)
    shown = set(featured_tags.of(viewer).values_list("hashtag__name", flat=True))
    return [tag(name, name in followed, name in shown) for name in names]


def tag(name: str, following: bool, featuring: bool) -> Entity:
    """How often a subject is spoken of is shown to nobody: `history` is empty."""
    return {
        "id": number(name),
        "name": name,
        "url": page(name),
        "history": [],
        "following": following,
        "featuring": featuring,
    }


def number(name: str) -> str:
    """Digits for a name, whether anyone wrote it or not: what was said in private is not told by an id."""
    return str(int.from_bytes(sha256(name.encode()).digest()[:6]))


def page(name: str) -> str:
    return f"{settings.ORIGIN}/sujets/{quote(name)}/"


def featured(rows: Sequence[FeaturedTag], owner: Actor, viewer: Actor) -> list[Entity]:
    """With what `viewer` may read of it, which is what the page of the subject shows her."""
    uses = subjects.uses(viewer, owner, [row.hashtag.name for row in rows])
    return [of_profile(row, uses.get(row.hashtag.name, Use())) for row in rows]


def of_profile(row: FeaturedTag, use: Use) -> Entity:
    return {
        "id": str(row.pk),
        "name": row.hashtag.name,
        "url": page(row.hashtag.name),
        "statuses_count": str(use.count),
        "last_status_at": use.last.isoformat() if use.last else None,
    }
