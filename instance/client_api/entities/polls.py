"""Poll: what one may choose and what the votes came to; who chose what is told to nobody."""

from typing import Any

from instance.client_api.entities import dates
from outbox.posts import Post

Entity = dict[str, Any]


def poll(post: Post) -> Entity | None:
    """Of a post that `outbox.posts.decorate` prepared for the one who looks; None for one that is no poll."""
    seen = post.poll
    if seen is None:
        return None
    return {
        "id": str(post.number),
        "expires_at": dates.moment_or_none(seen.ends_at),
        "expired": seen.over,
        "multiple": seen.multiple,
        "votes_count": seen.votes,
        "voters_count": seen.voters,
        "voted": bool(seen.own) or post.mine,  # its author sees the results, and not a form that would be refused
        "own_votes": seen.own,
        "options": [{"title": each.title, "votes_count": each.count} for each in seen.options],
        "emojis": [],
    }
