"""The sovereignty ledger: where a post went, when, with what answer, and who acknowledged its withdrawal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from actors.models import Actor
from federation import peers
from federation.errors import NotHere
from federation.models import Delivery
from outbox import documents, publishing
from outbox.models import Post


@dataclass(frozen=True)
class Sending:
    """What became of one piece of news at one house: `sent` at a moment, `waiting` until one, `paused`, `refused`."""

    state: str
    at: datetime | None = None
    answer: str = ""


@dataclass(frozen=True)
class Line:
    """One house: the post, its last edit, its withdrawal; None for what this house was never owed."""

    host: str
    post: Sending | None
    edit: Sending | None
    withdrawal: Sending | None


def own(author: Actor, ulid: str) -> Post:
    """A post of the author's, withdrawn or not; NotHere for anyone else, whoever may read it."""
    found = Post.objects.filter(author=author, local=True, ulid=ulid).select_related("author", "service").first()
    if found is None:
        raise NotHere(ulid)
    return found


def read(post: Post) -> list[Line]:
    """One line a house, in the order of their names. Empty for what never left."""
    rows = publishing.owed_of(post).select_related("dispatch").order_by("host", "dispatch", "pk")
    open_hosts = set(peers.open_hosts())
    return [line(post, host, list(owed), host in open_hosts) for host, owed in groupby(rows, attrgetter("host"))]


def line(post: Post, host: str, rows: list[Delivery], is_open: bool) -> Line:
    created = documents.created(post)
    first = [row for row in rows if row.dispatch.activity_uri == created]
    last = [row for row in rows if row.dispatch.activity_uri == f"{created}/delete"]
    edits = [row for row in rows if row not in first and row not in last and is_edit(row)]
    latest = [row for row in edits if row.dispatch_id == edits[-1].dispatch_id]
    return Line(host, *(outcome(each, is_open) for each in (first, latest, last)))


def is_edit(row: Delivery) -> bool:
    """Rather than the results of a poll."""
    return not row.dispatch.activity_uri.endswith(documents.RESULTS)


def outcome(rows: Iterable[Delivery], is_open: bool) -> Sending | None:
    """Of one piece of news to the inboxes of one house: it has it once one of them took it."""
    by_state = {row.state: row for row in sorted(rows, key=attrgetter("state_since"), reverse=True)}
    if sent := by_state.get("sent"):
        return Sending("sent", sent.state_since)
    if waiting := by_state.get("waiting"):
        return Sending("waiting", waiting.due_at, waiting.answer) if is_open else Sending("paused")
    if refused := by_state.get("abandoned"):
        return Sending("refused", refused.state_since, refused.answer)
    return None


def left(post: Post) -> bool:
    """Whether any other house was ever owed news of it."""
    return publishing.owed_of(post).exists()
