"""How posts, and what we do to them, read on the wire."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.timezone import now

from actors.models import Actor
from federation import ids, names
from federation.vocabulary import PUBLIC, with_context
from outbox import audience, emoji
from outbox.kinds import KINDS
from outbox.models import Attachment, Boost, Like, Post

Document = dict[str, Any]
RESULTS = "/results"
NOT_TO_BE_SHARED: Document = {
    "canAnnounce": {"always": [], "approvalRequired": [], "automaticApproval": [], "manualApproval": []}
}


def post_document(post: Post) -> Document:
    """The object itself, by the name that our house had when it was written; a Tombstone once it was withdrawn."""
    if post.withdrawn_at:
        return {"id": post.uri, "type": "Tombstone", "deleted": when(post.withdrawn_at)}
    kind = KINDS[post.kind]
    to, cc = audience.address(post)
    whole = {
        "id": post.uri,
        "type": kind.type,
        "attributedTo": post.author.uri,
        "to": to,
        "cc": cc,
        "url": f"{settings.ORIGIN}{post.path}",
        "published": when(post.published_at),
        "updated": when(post.edited_at) if post.edited_at else None,
        "inReplyTo": post.in_reply_to.uri if post.in_reply_to else None,
        "tag": [*mention_tags(post), *hashtag_tags(post), *emoji_tags(post)],
        "attachment": [attachment(each) for each in post.attachments.all()],
        "replies": f"{post.uri}/replies",
        "kind": post.kind,
        "interactionPolicy": None if audience.AUDIENCES[post.audience].shareable else NOT_TO_BE_SHARED,
        **kind.to_document(post),
    }
    said: Document = names.as_at(whole, names.origin_of(post.uri))
    return {key: value for key, value in said.items() if value is not None}


def mention_tags(post: Post) -> list[Document]:
    return [{"type": "Mention", "href": actor.uri, "name": actor.address} for actor in post.named.all()]


def hashtag_tags(post: Post) -> list[Document]:
    names = post.hashtags.values_list("name", flat=True)
    return [{"type": "Hashtag", "name": f"#{n}", "href": f"{settings.ORIGIN}/sujets/{quote(n)}/"} for n in names]


def emoji_tags(post: Post) -> list[Document]:
    """The organisation's own emoji that the text names; each house draws those that it takes."""
    return [
        {
            "id": address,
            "type": "Emoji",
            "name": f":{row.shortcode}:",
            "icon": {"type": "Image", "mediaType": "image/png", "url": address},
        }
        for row in emoji.used(f"{post.title} {post.html}")
        for address in [f"{settings.ORIGIN}{row.path}"]
    ]


def attachment(each: Attachment) -> Document:
    whole = {
        "type": "Image" if each.kind == "image" else "Document",
        "mediaType": each.media_type,
        "url": f"{settings.ORIGIN}{each.path}",
        "name": each.description or each.name,
        "width": each.width or None,
        "height": each.height or None,
        "blurhash": each.blurhash or None,
        "focalPoint": [each.focus_x, each.focus_y] if each.focus_x or each.focus_y else None,
    }
    return {key: value for key, value in whole.items() if value is not None}


def created(post: Post) -> str:
    """The id of its Create."""
    return ids.activity_uri(post.ulid, names.origin_of(post.uri))


def news_of(post: Post) -> str:
    """An id for what is said of it later."""
    return ids.activity_uri(origin=names.origin_of(post.uri))


def create(post: Post) -> Document:
    return about(post, "Create", created(post), post.published_at)


def update(post: Post) -> Document:
    return about(post, "Update", news_of(post), post.edited_at or post.published_at)


def results(post: Post) -> Document:
    """News of the votes, and not of an edit: the ledger tells them apart by this id."""
    return about(post, "Update", f"{news_of(post)}{RESULTS}", now())


def vote(actor: Actor, post: Post, uri: str, choice: str) -> Document:
    """One choice in a poll that is held elsewhere: for its author alone."""
    to = [post.author.uri]
    said = {
        "id": uri, "type": "Note", "attributedTo": actor.uri, "to": to, "inReplyTo": post.uri, "name": choice,
    }  # fmt: skip
    return with_context({"id": f"{uri}/activity", "type": "Create", "actor": actor.uri, "to": to, "object": said})


def about(post: Post, type: str, uri: str, at: datetime) -> Document:
    whole = post_document(post)
    envelope = {"id": uri, "type": type, "actor": post.author.uri, "to": whole["to"], "cc": whole["cc"]}
    said: Document = names.as_at(envelope, names.origin_of(post.uri))
    return with_context({**said, "published": when(at), "object": whole})


def delete(post: Post, to: list[str], cc: list[str]) -> Document:
    tombstone = {"id": post.uri, "type": "Tombstone"}
    uri = f"{created(post)}/delete"
    return with_context(
        {"id": uri, "type": "Delete", "actor": post.author.uri, "to": to, "cc": cc, "object": tombstone}
    )


def announced_at_home(type: str, uri: str, actor: Actor, object_uri: str) -> Document:
    """A letter up our own stairs: everything is in the database already, the ids are enough."""
    return {"id": f"{uri}#home", "type": type, "actor": actor.uri, "object": object_uri}


def like(like: Like) -> Document:
    return with_context({"id": like.uri, "type": "Like", "actor": like.actor.uri, "object": like.post.uri})


def boost(boost: Boost) -> Document:
    to, cc = [PUBLIC], [boost.actor.followers_uri, boost.post.author.uri]
    whole = {
        "id": boost.uri,
        "type": "Announce",
        "actor": boost.actor.uri,
        "to": to,
        "cc": cc,
        "object": boost.post.uri,
    }
    return with_context(whole)


def undo(document: Document) -> Document:
    inner = {key: value for key, value in document.items() if key != "@context"}
    uri = ids.activity_uri(origin=names.origin_of(inner["id"]))
    return with_context({"id": uri, "type": "Undo", "actor": inner["actor"], "object": inner})


def when(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
