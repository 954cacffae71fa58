"""Posts that a letter only names: asked for in their own house, one at a time, before the database is held.

What comes of it is a post in the database, which the handler then finds. Nothing here follows a thread: the parent of
what was fetched, its replies and its collections are not asked for, so one letter never costs more than two questions
(the post, and its author when nobody here has met her).
"""

from typing import Any

from actors import directory, following, throttle
from actors.models import Actor
from federation import http, peers, turns
from federation.errors import FederationError, Ignored, NotFetched, TryAgain
from federation.vocabulary import ACTIVITY_JSON, LD_JSON, PUBLIC_NAMES, addressed, id_of, ids_of
from outbox import arriving, posts

PER_SENDER, PER_HOUSE = 400, 2_000  # posts that one actor, or one house, makes us ask for within a quarter of an hour


def known(uri: str) -> bool:
    return posts.exists(uri)


def bring_own(author: Actor, uri: str) -> None:
    """The post that its author names instead of sending it, from the author's own house. Ignored, NotFetched."""
    if not known(uri) and arriving.keep(author, ask(author, uri)) is None:
        raise Ignored("not addressed to us, withdrawn, or of no kind that we know")


def bring_public(sender: Actor, uri: str) -> None:
    """A post of someone else that `sender` shares: only what is public, and only if somebody here would see it."""
    if peers.is_ours(uri) or known(uri):
        return
    if not is_heard(sender):
        raise Ignored("shared by someone whom nobody here follows")
    bring_asked(sender, uri)


def bring_asked(asker: Actor, uri: str) -> None:
    """A post that `asker` wants to see, from its author's house: only what is public. Ignored, NotFetched."""
    document = ask(asker, uri)
    author = author_of(document)
    if not addressed(document) & PUBLIC_NAMES:
        raise Ignored("only what is public is shared")
    if arriving.keep(author, document) is None:
        raise Ignored("withdrawn, or of no kind that we know")


def is_heard(sender: Actor) -> bool:
    """Whether somebody here follows them."""
    return following.followers(sender).filter(local=True).exists()


def author_of(document: dict[str, Any]) -> Actor:
    """The first of its authors whom her house describes; `arriving` checks that all are of the post's own house."""
    house = peers.authority_of(id_of(document))
    for uri in ids_of(document.get("attributedTo"))[:3]:
        if peers.lives_at(uri, house):
            return acting(uri)
    raise Ignored("a post without an author in its house")


def acting(uri: str) -> Actor:
    """Someone who did what somebody else passes on, unless she may not act here (row 24)."""
    found = directory.find(uri)
    if not found.active:
        raise Ignored(f"{uri} does not act here")
    return found


def ask(sender: Actor, uri: str) -> dict[str, Any]:
    """The document that goes by exactly this id."""
    peers.admit(uri)
    count(sender)
    document = directory.fetch(uri)
    if id_of(document) != uri:
        raise Ignored("it goes by another id in its house")
    return document


def count(sender: Actor) -> None:
    """One who has us ask for post after post is not listened to for a while; nor is a house, whoever of it asks."""
    if throttle.too_many("fetch", sender.uri, PER_SENDER) or throttle.too_many("fetches", sender.host, PER_HOUSE):
        raise Ignored("too many posts were named instead of being sent")


def is_gone(sender: Actor, uri: str) -> bool:
    """Whether its own house says that there is no such thing any more."""
    count(sender)
    host = peers.authority_of(uri)
    with turns.asking(host):
        answer = http.get(uri, accept=f"{ACTIVITY_JSON}, {LD_JSON}", signer_key=directory.our_key(host))
    if answer.status in (404, 410):
        return True
    try:
        return directory.fetch(uri).get("type") == "Tombstone"
    except NotFetched:
        return False


def confirmed(sender: Actor, activity: dict[str, Any]) -> dict[str, Any]:
    """An activity that somebody else passed on, as the house of whoever did it tells it; or Ignored."""
    uri, actor = id_of(activity), id_of(activity.get("actor"))
    count(sender)
    try:
        found = directory.fetch(uri)
    except TryAgain:
        raise
    except FederationError as reason:
        raise Ignored("its own house does not confirm it") from reason
    same = id_of(found) == uri and id_of(found.get("actor")) == actor and found.get("type") == activity.get("type")
    if not same or not peers.lives_at(actor, peers.authority_of(uri)):
        raise Ignored("its own house tells it otherwise")
    return found
