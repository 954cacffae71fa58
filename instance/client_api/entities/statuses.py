"""Status and Context: every kind of post, present and future, reads as an ordinary status."""

from collections.abc import Hashable, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import get_language

from actors.models import Actor
from federation.composed import drawn_once
from inbox import marks
from instance.client_api import visibility
from instance.client_api.entities import accounts, dates, emoji, filters, media, polls
from outbox import posts as reading
from outbox import trimmings
from outbox import versions as reading_versions
from outbox.posts import Boost, Post, Version

Entity = dict[str, Any]


def statuses(posts: Sequence[Post], viewer: Actor, context: str | None = None) -> list[Entity]:
    """Each as `viewer` (who may read it) sees it, by a fixed number of questions, whatever their number."""
    shown = reading.decorate(posts, viewer)
    own = marks.of(viewer, shown, context)
    named, subjects = trimmings.of(shown)
    known: dict[int, Entity] = {}
    key = ("status", get_language())
    return [
        whole(post, viewer, named.get(pk, []), subjects.get(pk, []), known, key) | marked(post, own[pk])
        for post, pk in ((post, post.pk) for post in shown)
    ]


def marked(post: Post, own: marks.Marks) -> Entity:
    """What only the viewer knows of it."""
    return {"bookmarked": own.kept, "muted": own.muted, "filtered": filters.results(own.filtered, post)}


def status(post: Post, viewer: Actor, context: str | None = None) -> Entity:
    return statuses([post], viewer, context)[0]


def shared(share: Boost, inner: Entity, viewer: Actor) -> Entity:
    """A share: a status of its own, of the number that it was given, around the one that is shared."""
    number, sharer = share.number, share.actor
    alone = drawn_once(share, ("account", get_language()), lambda: accounts.written(sharer))
    return inner | {
        "id": str(number),
        "created_at": dates.moment(dates.of_number(number)),
        "account": accounts.shown_to(alone, sharer, viewer),
        "uri": f"{inner['uri']}#{number}",
        "reblog": inner,
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "application": None,
        "pinned": False,
    }


def whole(
    post: Post, viewer: Actor, named: list[Actor], subjects: list[str], known: dict[int, Entity], key: Hashable
) -> Entity:
    """What the post says, drawn once for each language, with what hangs from it and what it is to the viewer."""
    alone = drawn_once(post, key, lambda: written(post))
    author = known.get(post.author_id)
    if author is None:
        author = known[post.author_id] = accounts.shown_to(alone["account"], post.author, viewer)
    parent = post.answered
    return alone | {
        "account": author,
        "in_reply_to_id": str(parent.number) if parent else None,
        "in_reply_to_account_id": str(parent.author_id) if parent else None,
        "mentions": [mention(each) for each in named],
        "tags": [subject(each) for each in subjects],
        "emojis": [emoji.emoji(row) for row in post.emojis],
        "media_attachments": [media.attachment(each, viewer) for each in post.files],
        "poll": polls.poll(post),
        "replies_count": post.reply_count,
        "reblogs_count": post.boost_count,
        "favourites_count": post.like_count,
        "favourited": post.liked,
        "reblogged": post.boosted,
    }


def written(post: Post) -> Entity:
    """What only a new version of the post, or of its author's profile, changes; the rest is left open."""
    return {
        "id": str(post.number),
        "uri": post.uri,
        "url": f"{settings.ORIGIN}{post.path}",
        "created_at": dates.moment(post.published_at),
        "edited_at": dates.moment_or_none(post.edited_at),
        "account": accounts.written(post.author),
        "content": content(post),
        "spoiler_text": "" if post.kind == "article" else post.title,
        "sensitive": post.sensitive or bool(post.title and post.kind != "article"),
        "language": post.language or None,
        "visibility": visibility.read_as(post),
        "local_only": post.audience in ("organisation", "service"),
        "audience": post.audience,
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "mentions": [],
        "tags": [],
        "emojis": [],
        "media_attachments": [],
        "reblog": None,
        "application": None,
        "card": None,
        "poll": None,
        "quote": None,
        "quotes_count": 0,
        "replies_count": 0,
        "reblogs_count": 0,
        "favourites_count": 0,
        "favourited": False,
        "reblogged": False,
        "pinned": bool(post.pinned_at),
    }


def versions(post: Post, former: Sequence[Version], viewer: Actor) -> list[Entity]:
    """What it said, the first version first, and what it says."""
    now = status(post, viewer)
    names = ("account", "content", "spoiler_text", "sensitive", "media_attachments", "emojis")
    latest = {name: now[name] for name in names} | {"created_at": now["edited_at"] or now["created_at"]}
    options = {"poll": {"options": now["poll"]["options"]}} if now["poll"] else {}
    return [*(version(post, each, now["account"], viewer) for each in reversed(former)), latest | options]


def version(post: Post, former: Version, account: Entity, viewer: Actor) -> Entity:
    options = {"poll": {"options": [{"title": title} for title in former.options]}} if former.options else {}
    return options | {
        "account": account,
        "content": said(post.kind, former.title, former.html),
        "spoiler_text": "" if post.kind == "article" else former.title,
        "sensitive": former.sensitive,
        "created_at": dates.moment(former.written_at),
        "media_attachments": [media.attachment(each, viewer) for each in reading_versions.files(former)],
        "emojis": [],
    }


def content(post: Post) -> str:
    return said(post.kind, post.title, post.html)


def said(kind: str, title: str, html: str) -> str:
    """The title of an article is part of what it says."""
    return f"<p><strong>{escape(title)}</strong></p>{html}" if kind == "article" and title else html


def mention(actor: Actor) -> Entity:
    url = f"{settings.ORIGIN}{actor.profile_path}"
    return {"id": str(actor.pk), "username": actor.handle, "acct": accounts.acct(actor), "url": url}


def subject(name: str) -> Entity:
    return {"name": name, "url": f"{settings.ORIGIN}/sujets/{quote(name)}/"}


def context(above: Sequence[Post], below: Sequence[Post], viewer: Actor) -> Entity:
    """A reply always comes after what it answers."""
    every = statuses([*above, *below], viewer, "thread")
    return {"ancestors": every[: len(above)], "descendants": every[len(above) :]}
