"""Someone published a post."""

from collections.abc import Sequence
from typing import Any

from actors.models import Actor
from federation.errors import FederationError, Ignored
from federation.vocabulary import id_of
from inbox import fetching, notifications
from outbox import keeping, posts
from outbox.posts import Post

SECONDS = 1.0  # for which a crowd holds the database; those that are left then are LATER


def prepare(actor: Actor, activity: dict[str, Any]) -> None:
    """A post that is only named is asked for in its author's house."""
    if not fits(actor, activity):
        fetching.bring_own(actor, id_of(activity["object"]))


def fits(actor: Actor, activity: dict[str, Any]) -> bool:
    """Whether it may be handled in a crowd: nothing needs to be asked of another house."""
    return actor.local or isinstance(activity["object"], dict)


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    (refusal,) = handle_all([(actor, activity)])
    if refusal is not None:
        raise refusal


def handle_all(arrivals: Sequence[tuple[Actor, dict[str, Any]]]) -> list[FederationError | None]:
    """Why each had no effect, or None; in their order, in the caller's one transaction."""
    whole = [(actor, each["object"]) for actor, each in arrivals if is_whole(actor, each)]
    kept = iter(keeping.keep_all(whole, SECONDS))
    outcomes = [next(kept) if is_whole(actor, each) else already_here(actor, each) for actor, each in arrivals]
    notifications.tell_of_posts([outcome for outcome in outcomes if isinstance(outcome, Post)])
    return [reason(outcome) for outcome in outcomes]


def is_whole(actor: Actor, activity: dict[str, Any]) -> bool:
    return not actor.local and isinstance(activity["object"], dict)


def already_here(actor: Actor, activity: dict[str, Any]) -> Post | FederationError:
    """A colleague's post, or one that `prepare` brought."""
    try:
        return posts.own(actor, id_of(activity["object"]))
    except FederationError as error:
        return error


def reason(outcome: keeping.Outcome) -> FederationError | None:
    if outcome is None:
        return Ignored("not addressed to us, withdrawn, or of no kind that we know")
    return outcome if isinstance(outcome, FederationError) else None
