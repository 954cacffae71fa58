"""What a group, or anyone, passes on of what others did (FEP-1b12): believed only as their own houses confirm it.

Handlers may not ask other houses, so the effects on posts happen in `prepare`, each of them once however often it is
repeated; `handle` then finds the post and shares it in the name of the one who passed it on.
"""

from collections.abc import Callable
from typing import Any

from actors.models import Actor
from federation.errors import Ignored
from federation.vocabulary import id_of, text_of
from inbox import fetching, notifications
from outbox import arriving, posts, reactions, taken_back

Document = dict[str, Any]


def is_relay(activity: Document) -> bool:
    """An activity within an Announce, rather than a post: it has an actor and was written by nobody."""
    inner = activity["object"]
    return isinstance(inner, dict) and "actor" in inner and "attributedTo" not in inner


def prepare(sender: Actor, activity: Document) -> None:
    inner = activity["object"]
    passed_on(inner)[0](sender, inner)


def handle(sender: Actor, activity: Document) -> None:
    inner = activity["object"]
    passed_on(inner)[1](sender, activity["id"], inner)


def created(sender: Actor, inner: Document) -> None:
    fetching.bring_public(sender, id_of(inner.get("object")))


def updated(sender: Actor, inner: Document) -> None:
    """What changed is read in the post's own house; an unknown post is brought as if it were new."""
    uri = id_of(inner.get("object"))
    if not fetching.is_heard(sender):
        raise Ignored("passed on by someone whom nobody here follows")
    if fetching.known(uri):
        arriving.revise(author_elsewhere(uri), fetching.ask(sender, uri))
    else:
        fetching.bring_public(sender, uri)


def deleted(sender: Actor, inner: Document) -> None:
    """Of what is public only: a house that does not show any other post may be hiding it from us."""
    uri = id_of(inner.get("object"))
    author = author_elsewhere(uri)
    if not fetching.is_heard(sender) or not fetching.is_gone(sender, uri):
        raise Ignored("its own house still has it, or nobody here follows the one who says so")
    arriving.forget(author, uri)


def author_elsewhere(uri: str) -> Actor:
    author = posts.author_in_public(uri)
    if author is None or author.local or not author.active:
        raise Ignored("no such public post of another house here")
    return author


def liked(sender: Actor, inner: Document) -> None:
    """Asked for only when we have what was liked, and somebody here follows the one who says so."""
    if not fetching.is_heard(sender):
        raise Ignored("passed on by someone whom nobody here follows")
    if not fetching.known(id_of(inner.get("object"))):
        raise Ignored("a reaction to a post that we do not have")
    found = fetching.confirmed(sender, inner)
    actor = fetching.acting(id_of(found["actor"]))
    if taken_back.before(actor, found["id"]):
        raise Ignored("taken back before it came")
    post = posts.find_by_uri(actor, id_of(found.get("object")))
    if reactions.liked(actor, found["id"], post):
        notifications.tell_author(post, actor, "like")


def share(sender: Actor, uri: str, inner: Document) -> None:
    post = posts.find_by_uri(sender, id_of(inner.get("object")))
    if reactions.boosted(sender, uri, post):
        notifications.tell_author(post, sender, "boost")


def nothing_more(sender: Actor, uri: str, inner: Document) -> None:
    """It was written down, or erased, when its own house confirmed it."""


Preparation = Callable[[Actor, Document], None]
Effect = Callable[[Actor, str, Document], None]
PASSED_ON: dict[str, tuple[Preparation, Effect]] = {
    "Create": (created, share),
    "Update": (updated, share),
    "Delete": (deleted, nothing_more),
    "Like": (liked, nothing_more),
    "EmojiReact": (liked, nothing_more),
}


def passed_on(inner: Document) -> tuple[Preparation, Effect]:
    kind = text_of(inner.get("type"), 50)
    if kind not in PASSED_ON:
        raise Ignored(f"{kind or 'nothing'} is not believed of those who pass it on")
    return PASSED_ON[kind]
