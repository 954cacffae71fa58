"""One file per activity that we understand.

To add one, write its file and name it here.
"""

from collections.abc import Callable, Sequence
from typing import Any

from actors.models import Actor
from federation.errors import FederationError
from inbox.activities import (
    accept,
    add,
    announce,
    block,
    create,
    delete,
    flag,
    follow,
    like,
    move,
    reject,
    remove,
    undo,
    update,
)

HANDLERS: dict[str, Callable[[Actor, dict[str, Any]], None]] = {
    "Accept": accept.handle,
    "Add": add.handle,
    "Announce": announce.handle,
    "Block": block.handle,
    "Create": create.handle,
    "Delete": delete.handle,
    "EmojiReact": like.handle,
    "Flag": flag.handle,
    "Follow": follow.handle,
    "Like": like.handle,
    "Move": move.handle,
    "Reject": reject.handle,
    "Remove": remove.handle,
    "Undo": undo.handle,
    "Update": update.handle,
}

# What comes in crowds is handled many at a time, for a few statements altogether.
IN_CROWDS: dict[str, Callable[[Sequence[tuple[Actor, dict[str, Any]]]], list[FederationError | None]]] = {
    "Create": create.handle_all
}

# What is asked of other houses before a handler runs, while no transaction holds the database.
PREPARATIONS: dict[str, Callable[[Actor, dict[str, Any]], None]] = {"Move": move.prepare, "Update": update.prepare}
