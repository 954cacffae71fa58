"""Votes that arrive: a note that only names one of the choices of a poll of ours, from someone who may read it.

It counts, or it does not; it is never a post.
"""

from typing import Any

from actors.models import Actor
from federation import words
from federation.errors import FederationError, Ignored
from federation.vocabulary import id_of
from outbox import counting, polls
from outbox.models import Post

Document = dict[str, Any]


class Counted:
    """What became of a vote that was admitted."""


COUNTED = Counted()


def is_vote(document: Document, poll: Post | None) -> bool:
    """What says anything more than the name of a choice is an answer like any other."""
    if poll is None or not poll.local or not poll.is_poll:
        return False
    says = document.get("content") or document.get("contentMap") or document.get("attachment")
    return document.get("type") == "Note" and bool(title_of(document)) and not says


def title_of(document: Document) -> str:
    return words.line(document.get("name"), 200)


def cast(actor: Actor, poll: Post, document: Document) -> Counted | FederationError:
    """Count it, in the caller's transaction, or say why not."""
    options = poll.details["poll"]["options"]
    if not polls.readable(actor, poll):
        return Ignored("a vote in what its sender may not read")
    if counting.is_over(poll):
        return Ignored("a vote after the end of the poll")
    if title_of(document) not in options:
        return Ignored("a vote for what is not to be chosen")
    choice = options.index(title_of(document))
    before = set(poll.votes.filter(actor=actor).values_list("choice", flat=True))
    if choice in before or (before and not poll.details["poll"]["multiple"]):
        return Ignored("a second vote")
    polls.counts_from_elsewhere(actor, poll, choice, id_of(document))
    return COUNTED
