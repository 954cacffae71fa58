"""Finding again: what one wrote, kept, liked or was named in; and people and posts by their address."""

import re
from urllib.parse import urlsplit

from django.db.models import Q, QuerySet

from actors import directory, throttle
from actors.models import Actor
from federation import names, peers
from federation.errors import NotHere
from inbox import fetching
from inbox.models import Bookmark
from outbox import posts
from outbox.posts import Post

OURS = re.compile(r"/p/([0-9A-HJKMNP-TV-Z]{26})/?")
OPERATOR = re.compile(r"(\w+):(\S+)")
WORDS, A_QUARTER = 8, 60


def written(viewer: Actor, said: str) -> QuerySet[Post]:
    """Of the posts that have to do with `viewer`, those that hold every word; `from:me` and `from:@name` choose.

    Not of all that she may read: a colleague's words are read where he wrote them, not dug up.
    """
    rows = posts.readable_by(viewer).filter(concerns(viewer))
    words = said.replace("\0", " ").split()[:WORDS]
    for word in words:
        if operator := OPERATOR.fullmatch(word):
            rows = rows.filter(chosen(viewer, *operator.groups()))
        else:
            rows = rows.filter(Q(html__icontains=word) | Q(title__icontains=word))
    return rows if words else rows.none()


def concerns(viewer: Actor) -> Q:
    kept = Bookmark.objects.filter(reader=viewer).values("post")
    return Q(author=viewer) | Q(pk__in=kept) | posts.liked_by(viewer) | posts.addressed_to(viewer)


def chosen(viewer: Actor, operator: str, value: str) -> Q:
    """What one word of the kind `operator:value` leaves; of those that we do not know, everything."""
    if operator == "from":
        name = value.lstrip("@")
        return Q(author=viewer) if name == "me" else Q(author__handle=name.partition("@")[0])
    if (operator, value) == ("has", "media"):
        return Q(attachments__isnull=False)
    return Q()


def actor_at(viewer: Actor, url: str, resolve: bool) -> Actor:
    """Whoever goes by this id or has this page. NotHere, or what asking her house brings."""
    path, url = path_of(url), names.presently(url)
    if peers.is_ours(url) and path.startswith("/personnes/"):
        return directory.on_page(path.removeprefix("/personnes/").strip("/"))
    known = Actor.objects.filter(directory.on_the_list()).filter(Q(uri=url) | Q(url=url)).exclude(url="").first()
    if known is not None:
        return known
    if not resolve or peers.is_ours(url):
        raise NotHere(url)
    must_not_ask_too_often(viewer)
    return directory.find(url)


def path_of(url: str) -> str:
    """NotHere for what only looks like an address: `https://[`."""
    try:
        return urlsplit(url).path
    except ValueError as error:
        raise NotHere(url) from error


def post_at(viewer: Actor, url: str, resolve: bool) -> Post:
    """The post of this id, or on this page of ours; `resolve`: its house is asked for what is public. NotHere."""
    ours = OURS.fullmatch(path_of(url)) if peers.is_ours(url) else None
    if ours:
        return posts.find(viewer, ours[1])
    if resolve and not peers.is_ours(url) and not posts.exists(url):
        must_not_ask_too_often(viewer)
        fetching.bring_asked(viewer, url)
    return posts.find_by_uri(viewer, url)


def must_not_ask_too_often(viewer: Actor) -> None:
    if throttle.too_many("resolve", viewer.uri, A_QUARTER):
        raise NotHere("asked for too much elsewhere")
