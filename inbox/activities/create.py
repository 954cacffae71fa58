"""Someone published a post."""

from collections.abc import Sequence
from typing import Any

from actors.models import Actor
from federation.errors import FederationError, Ignored
from inbox import notifications
from outbox import keeping, posts
from outbox.posts import Post


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    (refusal,) = handle_all([(actor, activity)])
    if refusal is not None:
        raise refusal


def handle_all(arrivals: Sequence[tuple[Actor, dict[str, Any]]]) -> list[FederationError | None]:
    """Why each had no effect, or None; in their order, in the caller's one transaction."""
    whole = [(actor, each["object"]) for actor, each in arrivals if is_whole(actor, each)]
    kept = iter(keeping.keep_all(whole))
    outcomes = [next(kept) if is_whole(actor, each) else at_home(actor, each) for actor, each in arrivals]
    notifications.tell_of_posts([outcome for outcome in outcomes if isinstance(outcome, Post)])
    return [reason(outcome) for outcome in outcomes]


def is_whole(actor: Actor, activity: dict[str, Any]) -> bool:
    return not actor.local and isinstance(activity["object"], dict)


def at_home(actor: Actor, activity: dict[str, Any]) -> Post | FederationError:
    """A colleague's post is here already."""
    if not actor.local:
        return Ignored("the post must come whole")
    try:
        return posts.find_by_uri(actor, activity["object"])
    except FederationError as error:
        return error


def reason(outcome: Post | FederationError | None) -> FederationError | None:
    if outcome is None:
        return Ignored("not addressed to us, withdrawn, or of no kind that we know")
    return outcome if isinstance(outcome, FederationError) else None
