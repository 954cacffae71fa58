"""One file per kind of post.

To add one that is written here, write its file, name it in `KINDS`, and draw `templates/posts/<kind>.html`. One that
only arrives is named in `FOREIGN`: it reads as one of ours, and its text says everything.
"""

from typing import Any, Protocol, cast

from outbox.kinds import article, chat, event, note, page, question
from outbox.models import Post


class Readable(Protocol):
    """How something that arrives becomes a post: the kind that it is here, and the columns that its document makes."""

    name: str

    def from_document(self, document: dict[str, Any]) -> dict[str, Any]: ...


class Kind(Readable, Protocol):
    """What the file of a kind of ours offers besides: its type on the wire, and the way there."""

    type: str

    def to_document(self, post: Post) -> dict[str, Any]: ...


class Foreign(Readable, Protocol):
    """What the file of a kind that is not written here offers besides: the types on the wire that it reads."""

    types: tuple[str, ...]


KINDS = {kind.name: kind for kind in cast("tuple[Kind, ...]", (note, article, question))}
FOREIGN = cast("tuple[Foreign, ...]", (page, chat, event))
BY_TYPE: dict[str, Readable] = {kind.type: kind for kind in KINDS.values()} | {
    type: kind for kind in FOREIGN for type in kind.types
}
