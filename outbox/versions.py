"""What a post said before each edit, with what hung from it then."""

from typing import Any

from outbox.models import Attachment, Post, Version

SAID = (
    "id", "ulid", "kind", "name", "description", "media_type", "size", "width", "height", "blurhash", "focus_x",
    "focus_y",
)  # fmt: skip


def keep(post: Post) -> Version:
    """Write down what the post says now, before it says otherwise."""
    return Version.objects.create(
        post=post,
        title=post.title,
        html=post.html,
        sensitive=post.sensitive,
        options=post.details.get("poll", {}).get("options", []),
        attachments=[said_of(each) for each in post.attachments.all()],
        written_at=post.edited_at or post.published_at,
    )


def said_of(row: Attachment) -> dict[str, Any]:
    return {name: getattr(row, name) for name in SAID}


def files(version: Version) -> list[Attachment]:
    """What hung from it then, as it was described: rows that are not in the database; the file may be gone."""
    return [Attachment(state="kept", post_id=version.post_id, **said) for said in version.attachments]
