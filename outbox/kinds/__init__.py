"""One file per kind of post.

To add one, write its file, name it here, and draw `templates/posts/<kind>.html`.
"""

from typing import Any, Protocol, cast

from outbox.kinds import article, note
from outbox.models import Post


class Kind(Protocol):
    """What a kind's file offers: its name here, its type on the wire, and both ways between them."""

    name: str
    type: str

    def to_document(self, post: Post) -> dict[str, Any]: ...
    def from_document(self, document: dict[str, Any]) -> dict[str, Any]: ...


KINDS = {kind.name: kind for kind in cast("tuple[Kind, ...]", (note, article))}
BY_TYPE = {kind.type: kind for kind in KINDS.values()}
