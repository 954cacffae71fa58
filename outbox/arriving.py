"""Posts of colleagues next door: kept as lines in their authors' outboxes, revised and erased as those houses say."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, now

from actors.models import Actor
from federation import hallway, ids, peers
from federation.errors import Malformed, WrongActor
from federation.models import Peer
from federation.vocabulary import as_list, id_of, ids_of, link_of, text_of
from outbox import audience, publishing, text
from outbox.kinds import BY_TYPE, Kind
from outbox.models import Attachment, Hashtag, Post, Tombstone, Version

Document = dict[str, Any]
ATTACHMENTS, PEOPLE, SUBJECTS = 16, 256, 64


def keep(author: Actor, document: Document) -> Post | None:
    """The post, kept once; None when it is not for us, or was withdrawn already. WrongActor, Malformed."""
    uri = id_of(document)
    check_author(author, uri, document)
    known = Post.objects.filter(uri=uri).first()
    if known is not None:
        return known
    reach = audience.read_address(document, author)
    kind = BY_TYPE.get(text_of(document.get("type"), 50))
    if reach is None or kind is None or Tombstone.objects.filter(uri=uri).exists():
        return None
    with transaction.atomic():
        return write(author, uri, kind, reach, document)


def check_author(author: Actor, uri: str, document: Document) -> None:
    """Only its author may speak of a post, in her own house; co-authors of that house may stand beside her."""
    authors = ids_of(document.get("attributedTo"))
    houses = {peers.authority_of(each) for each in [uri, *authors]}
    if author.uri not in authors or houses != {author.host}:
        raise WrongActor(f"{author.uri} does not write for {authors[:3]}")


def write(author: Actor, uri: str, kind: Kind, reach: str, document: Document) -> Post:
    parent = Post.objects.filter(uri=id_of(document.get("inReplyTo"))).first()
    published = moment(document.get("published"))
    people = named(document)
    columns = kind.from_document(document)
    post = Post.objects.create(
        uri=uri,
        ulid=ids.new_ulid(published),
        author=author,
        kind=kind.name,
        audience=reach,
        language=language(document),
        shareable=reach == "public" and may_be_shared(document),
        in_reply_to=parent,
        in_reply_to_uri=id_of(document.get("inReplyTo"))[:500],
        root_id=(parent.root_id or parent.pk) if parent else None,
        published_at=published,
        **columns | {"html": text.at_home(columns["html"], people)},
    )
    post.named.set(people)
    post.houses.set(Peer.objects.filter(instance_actor_uri__in=addressed(document)).exclude(instance_actor_uri=""))
    post.hashtags.set(subjects(document))
    attach(post, document)
    adopt_replies(post)
    return post


def addressed(document: Document) -> set[str]:
    return set((ids_of(document.get("to")) + ids_of(document.get("cc")))[:2048])


def named(document: Document) -> list[Actor]:
    """The people whom the post is addressed to or mentions, among those we know; nobody is fetched for being named."""
    tags = [id_of(tag.get("href")) for tag in tags_of(document, "Mention", PEOPLE)]
    return list(Actor.objects.filter(uri__in=addressed(document) | set(tags), gone_at=None).exclude(kind="Application"))


def tags_of(document: Document, type: str, limit: int) -> list[Document]:
    return [tag for tag in as_list(document.get("tag"))[:256] if isinstance(tag, dict) and tag.get("type") == type][
        :limit
    ]


def subjects(document: Document) -> list[Hashtag]:
    names = {text_of(tag.get("name"), 100).lstrip("#").lower() for tag in tags_of(document, "Hashtag", SUBJECTS)} - {""}
    Hashtag.objects.bulk_create([Hashtag(name=name) for name in sorted(names)], ignore_conflicts=True)
    return list(Hashtag.objects.filter(name__in=names))


def attach(post: Post, document: Document) -> None:
    """Note what is attached; it is fetched in the background, with our signature, before anyone here looks."""
    rows = []
    for each in [a for a in as_list(document.get("attachment")) if isinstance(a, dict)][:ATTACHMENTS]:
        url, media_type = link_of(each.get("url") or each.get("href")), text_of(each.get("mediaType"), 100)
        if not url or peers.authority_of(url) != post.author.host:
            continue
        kind = "image" if media_type.startswith("image/") or each.get("type") == "Image" else "document"
        described = text.plain(each.get("name"), 1500)
        rows.append(
            Attachment(
                owner=post.author,
                post=post,
                kind=kind,
                media_type=media_type or "application/octet-stream",
                description=described if kind == "image" else "",
                name=described[:200] if kind == "document" else "",
                remote_url=url[:500],
                state="waiting",
            )
        )
    Attachment.objects.bulk_create(rows)
    if rows:
        hallway.wake("media")


def adopt_replies(post: Post) -> None:
    """Replies that came before what they answer find their place."""
    root = post.root_id or post.pk
    orphans = Post.objects.filter(in_reply_to_uri=post.uri, in_reply_to=None).exclude(pk=post.pk)
    for orphan in orphans:
        Post.objects.filter(root=orphan).update(root=root)
    orphans.update(in_reply_to=post, root=root)


def revise(author: Actor, document: Document) -> Post | None:
    """The author's house says that the post reads otherwise now; unknown posts are not created by an edit."""
    uri = id_of(document)
    check_author(author, uri, document)
    post = Post.objects.filter(uri=uri, author=author, withdrawn_at=None).first()
    if post is None or post.local:
        return None
    kind = BY_TYPE.get(text_of(document.get("type"), 50))
    if kind is None:
        raise Malformed("a post cannot become something else")
    people = named(document)
    columns = kind.from_document(document)
    columns["html"] = text.at_home(columns["html"], people)
    updated = moment(document.get("updated"))
    if post.edited_at and updated < post.edited_at:
        return None
    if columns["html"] != post.html or columns["title"] != post.title:
        rewrite(post, kind.name, columns, updated)
    post.named.add(*people)
    return post


@transaction.atomic
def rewrite(post: Post, kind: str, columns: Document, updated: datetime) -> None:
    written = post.edited_at or post.published_at
    Version.objects.create(post=post, title=post.title, html=post.html, written_at=written)
    Post.objects.filter(pk=post.pk).update(kind=kind, edited_at=updated, **columns)
    post.refresh_from_db()


@transaction.atomic
def forget(author: Actor, uri: str) -> bool:
    """The author withdraws a post: it is erased here with its media, and stays dead if it had not arrived yet."""
    if peers.authority_of(uri) != author.host:
        raise WrongActor(f"{author.uri} does not withdraw for another house")
    post = Post.objects.filter(uri=uri).first()
    if post is not None and post.author_id != author.pk:
        raise WrongActor(f"{author.uri} did not write {uri}")
    Tombstone.objects.get_or_create(uri=uri)
    if post is not None and post.withdrawn_at is None:
        publishing.erase(post)
    return post is not None


def pin(author: Actor, collection: str, uri: str, *, pinned: bool) -> bool:
    """The author's house features one of her posts, or no longer."""
    if peers.authority_of(collection) != author.host or not collection.startswith(author.uri):
        return False
    rows = Post.objects.filter(uri=uri, author=author, withdrawn_at=None)
    return bool(rows.update(pinned_at=now() if pinned else None))


def may_be_shared(document: Document) -> bool:
    """GoToSocial's `interactionPolicy`: an empty `canAnnounce` forbids sharing again."""
    policy = document.get("interactionPolicy")
    rule = policy.get("canAnnounce") if isinstance(policy, dict) else None
    if not isinstance(rule, dict):
        return True
    return any(as_list(rule.get(key)) for key in ("always", "automaticApproval"))


def language(document: Document) -> str:
    contents = document.get("contentMap")
    return str(next(iter(contents)))[:10] if isinstance(contents, dict) and contents else "fr"


def moment(value: object) -> datetime:
    """When a peer says it was; now, when it does not say, says it badly, or speaks of the future."""
    try:
        at = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    return now() if at is None or is_naive(at) or at > now() or at.year < 2000 else at


@transaction.atomic
def forget_author(author: Actor) -> None:
    """An author of a peer left for good: everything of hers is erased here."""
    for post in Post.objects.filter(author=author, withdrawn_at=None):
        publishing.erase(post)
