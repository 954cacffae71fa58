"""What its author took back before it came: it is remembered, so that it never takes effect."""

from actors.models import Actor
from federation import peers
from outbox.models import Tombstone

KINDS = {"", "Follow", "Like", "EmojiReact", "Announce"}  # of an Undo; nothing when only the id is said


def remember(author: Actor, kind: str, uri: str) -> bool:
    """An Undo came first. False for what nobody can take back: another house's, or of another kind."""
    if kind not in KINDS or len(uri) > 500 or not peers.lives_at(uri, author.host):
        return False
    Tombstone.objects.get_or_create(uri=uri, author=author)
    return True


def before(author: Actor, uri: str) -> bool:
    return Tombstone.objects.filter(uri=uri, author=author).exists()
