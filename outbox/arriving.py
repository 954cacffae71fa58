"""Posts of colleagues next door: kept as lines in their authors' outboxes, revised and erased as those houses say."""

import re
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, now

from actors.models import Actor
from federation import hallway, ids, peers, words
from federation.errors import Malformed, WrongActor
from federation.models import Peer
from federation.vocabulary import addressed, as_list, id_of, ids_of, link_of, text_of
from outbox import audience, posts, publishing, text
from outbox.kinds import BY_TYPE, Kind
from outbox.models import Attachment, Hashtag, Post, Tombstone, Version

Document = dict[str, Any]
ATTACHMENTS, TAGS, SUBJECTS, EDITS = 16, 256, 64, 200


def keep(author: Actor, document: Document) -> Post | None:
    """The post, kept once; None when it is not for us, or was withdrawn already. WrongActor, Malformed."""
    uri = id_of(document)
    check_author(author, uri, document)
    known = Post.objects.filter(uri=uri).first()
    if known is not None:
        must_be_hers(known, author)
        return None if known.withdrawn_at else known
    reach = audience.read_address(document, author)
    kind = BY_TYPE.get(text_of(document.get("type"), 50))
    if reach is None or kind is None or Tombstone.objects.filter(uri=uri, author=author).exists():
        return None
    with transaction.atomic():
        return write(author, uri, kind, reach, document)


def check_author(author: Actor, uri: str, document: Document) -> None:
    """Only its author may speak of a post, in her own house; co-authors of that house may stand beside her."""
    authors = ids_of(document.get("attributedTo"))
    houses = {peers.authority_of(each) for each in [uri, *authors]}
    if author.uri not in authors or houses != {author.host}:
        raise WrongActor(f"{author.uri} does not write for {authors[:3]}")


def must_be_hers(post: Post, author: Actor) -> None:
    if post.author_id != author.pk:
        raise WrongActor(f"{author.uri} did not write {post.uri}")


def write(author: Actor, uri: str, kind: Kind, reach: str, document: Document) -> Post:
    parent = answered(author, id_of(document.get("inReplyTo")))
    published = moment(document.get("published"))
    people = people_of(document)
    columns = kind.from_document(document)
    post = Post.objects.create(
        uri=uri,
        ulid=ids.new_ulid(published),
        author=author,
        kind=kind.name,
        audience=reach,
        language=language(document),
        shareable=reach == "public" and permits(document, "canAnnounce"),
        details=closed(document),
        in_reply_to=parent,
        in_reply_to_uri=id_of(document.get("inReplyTo")),
        root_id=(parent.root_id or parent.pk) if parent else None,
        published_at=published,
        **columns | {"html": text.at_home(columns["html"], people)},
    )
    post.named.set(named(people, document))
    post.houses.set(Peer.objects.filter(instance_actor_uri__in=addressed(document)).exclude(instance_actor_uri=""))
    post.hashtags.set(subjects(document))
    attach(post, document)
    adopt_replies(post)
    return post


def answered(author: Actor, uri: str) -> Post | None:
    """What a post answers, if we have it; of ours, only what its author may read."""
    parent = Post.objects.filter(uri=uri).first()
    hidden = parent is not None and parent.local and not posts.visible_to(author).filter(pk=parent.pk).exists()
    return None if hidden else parent


def people_of(document: Document) -> list[Actor]:
    """The people whom the post is addressed to or mentions, among those we know; nobody is fetched for being named."""
    uris = addressed(document) | {id_of(tag.get("href")) for tag in tags_of(document, "Mention")}
    return list(Actor.objects.filter(uri__in=uris, gone_at=None).exclude(kind="Application"))


def named(people: list[Actor], document: Document) -> list[Actor]:
    """Of them, those who may read it for that: a mention is no address."""
    return [person for person in people if person.uri in addressed(document)]


def tags_of(document: Document, type: str) -> list[Document]:
    return [tag for tag in as_list(document.get("tag"))[:TAGS] if isinstance(tag, dict) and tag.get("type") == type]


def subjects(document: Document) -> list[Hashtag]:
    said = {text_of(tag.get("name"), 100).lstrip("#").lower() for tag in tags_of(document, "Hashtag")[:SUBJECTS]}
    names = {name for name in said if text.SUBJECT.fullmatch(name)}
    Hashtag.objects.bulk_create([Hashtag(name=name) for name in sorted(names)], ignore_conflicts=True)
    return list(Hashtag.objects.filter(name__in=names))


def attach(post: Post, document: Document) -> None:
    """Note what is attached; it is fetched in the background, with our signature, before anyone here looks.

    What an edit no longer attaches goes, file included.
    """
    wanted: Document = {}
    for each in [a for a in as_list(document.get("attachment")) if isinstance(a, dict)][:ATTACHMENTS]:
        url = link_of(each.get("url") or each.get("href"))
        if peers.lives_at(url, post.author.host):
            wanted.setdefault(url, each)
    publishing.drop(post.attachments.exclude(remote_url__in=wanted))
    known = set(post.attachments.values_list("remote_url", flat=True))
    rows = [attachment(post, url, each) for url, each in wanted.items() if url not in known]
    Attachment.objects.bulk_create(rows)
    if rows:
        hallway.wake("media")


def attachment(post: Post, url: str, said: Document) -> Attachment:
    media_type, described = text_of(said.get("mediaType"), 100), words.line(said.get("name"), 1500)
    kind = "image" if media_type.startswith("image/") or said.get("type") == "Image" else "document"
    return Attachment(
        owner=post.author,
        post=post,
        kind=kind,
        media_type=media_type or "application/octet-stream",
        description=described if kind == "image" else "",
        name=described[:200] if kind == "document" else "",
        remote_url=url,
        state="waiting",
    )


def adopt_replies(post: Post) -> None:
    """Replies that came before what they answer find their place."""
    root = post.root_id or post.pk
    orphans = Post.objects.filter(in_reply_to_uri=post.uri, in_reply_to=None).exclude(pk__in=[post.pk, root])
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
    people = people_of(document)
    columns = kind.from_document(document)
    columns["html"] = text.at_home(columns["html"], people)
    updated = moment(document.get("updated"))
    if (post.edited_at and updated < post.edited_at) or post.versions.count() >= EDITS:
        return None
    if columns["html"] != post.html or columns["title"] != post.title:
        rewrite(post, kind.name, columns, updated)
    narrow(post, document)
    post.named.add(*named(people, document))
    post.hashtags.set(subjects(document))
    attach(post, document)
    return post


def narrow(post: Post, document: Document) -> None:
    """What others may do with a post follows its author's mind; a post that was not to be shared stays so."""
    post.shareable = post.shareable and permits(document, "canAnnounce")
    post.details = {**{key: value for key, value in post.details.items() if key != "closed"}, **closed(document)}
    post.save(update_fields=["shareable", "details"])


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
    if post is not None:
        must_be_hers(post, author)
    Tombstone.objects.get_or_create(uri=uri, author=author)
    if post is not None and post.withdrawn_at is None:
        publishing.erase(post)
    return post is not None


def pin(author: Actor, collection: str, uri: str, *, pinned: bool) -> bool:
    """The author's house features one of her posts, or no longer."""
    if not collection.startswith(f"{author.uri}/"):
        return False
    rows = Post.objects.filter(uri=uri, author=author, withdrawn_at=None)
    return bool(rows.update(pinned_at=now() if pinned else None))


def closed(document: Document) -> Document:
    """What the author's house lets nobody do with the post."""
    deeds = [deed for deed, rule in (("reply", "canReply"), ("like", "canLike")) if not permits(document, rule)]
    return {"closed": deeds} if deeds else {}


def permits(document: Document, name: str) -> bool:
    """GoToSocial's `interactionPolicy`: a rule, such as `canAnnounce`, that lets nobody forbids it."""
    policy = document.get("interactionPolicy")
    rule = policy.get(name) if isinstance(policy, dict) else None
    if not isinstance(rule, dict):
        return True
    return any(as_list(rule.get(key)) for key in ("always", "automaticApproval"))


def language(document: Document) -> str:
    contents = document.get("contentMap")
    said = str(next(iter(contents), "")) if isinstance(contents, dict) else ""
    return said if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z]{2,4})?", said) else "fr"


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
