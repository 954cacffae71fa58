"""One file per kind of post. To add one, write its file, name it here, and draw `templates/posts/<kind>.html`."""

from typing import Any, Protocol

from outbox.kinds import article, note
from outbox.models import Post


class Kind(Protocol):
    name: str
    type: str

    def to_document(self, post: Post) -> dict[str, Any]: ...
    def from_document(self, document: dict[str, Any]) -> dict[str, Any]: ...


KINDS: dict[str, Any] = {kind.name: kind for kind in (note, article)}
BY_TYPE: dict[str, Any] = {kind.type: kind for kind in (note, article)}
