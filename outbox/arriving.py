"""Posts of colleagues next door: kept as lines in their authors' outboxes, revised and erased as those houses say."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from actors.models import Actor
from federation import happenings, peers
from federation.errors import FederationError, Malformed, WrongActor
from federation.vocabulary import addressed, id_of, text_of
from outbox import erasing, keeping, one_at_a_time, reading, surroundings, text, versions
from outbox.kinds import BY_TYPE
from outbox.models import Attachment, Post, Tally, Tombstone, Version, Vote

Document = dict[str, Any]
EDITS = 200
DESCRIBED = ("name", "description", "focus_x", "focus_y")


@transaction.atomic
def keep(author: Actor, document: Document) -> Post | None:
    """The post, kept once; None when it is not for us, or was withdrawn already. WrongActor, Malformed."""
    one_at_a_time.hold(id_of(document))
    (outcome,) = keeping.keep_all([(author, document)])
    if isinstance(outcome, FederationError):
        raise outcome
    return outcome if isinstance(outcome, Post) else None


def must_be_hers(post: Post, author: Actor) -> None:
    if post.author_id != author.pk:
        raise WrongActor(f"{author.uri} did not write {post.uri}")


def revise(author: Actor, document: Document) -> Post | None:
    """The author's house says that the post reads otherwise now; unknown posts are not created by an edit."""
    uri = reading.check_author(author, document)
    post = Post.objects.filter(uri=uri, author=author, withdrawn_at=None).first()
    if post is None or post.local:
        return None
    kind = BY_TYPE.get(text_of(document.get("type"), 50))
    if kind is None:
        raise Malformed("a post cannot become something else")
    receivers = addressed(document)
    people = list(surroundings.people_by_uri(receivers | reading.mentioned(document)).values())
    columns = kind.from_document(document)
    columns["html"] = text.at_home(columns["html"], people)
    updated = reading.moment(document.get("updated"))
    if (post.edited_at and updated < post.edited_at) or post.versions.count() >= EDITS:
        return None
    columns |= {"language": reading.language(document), "sensitive": reading.sensitive(document)}
    details = columns.pop("details", {})
    named = [each for each in people if each.uri in receivers]
    edited = differs(post, columns, details, document)
    if edited:
        rewrite(post, kind.name, columns, updated)
        forget_votes(post, details)
    narrow(post, document, details)
    post.is_news = edited or not set(named) <= set(post.named.all())
    post.named.add(*named)
    post.hashtags.set(keeping.hashtags(reading.subjects(document)).values())
    attach(post, document)
    happenings.happened("edited", [post.pk])
    return post


def differs(post: Post, columns: Document, details: Document, document: Document) -> bool:
    """Whether it reads otherwise: how many voted meanwhile is no edit of a poll."""
    says = any(getattr(post, name) != value for name, value in columns.items())
    return says or options_of(post.details) != options_of(details) or files_differ(post, document)


def options_of(details: Document) -> object:
    poll = details.get("poll", {})
    return poll.get("options"), poll.get("multiple")


def forget_votes(post: Post, details: Document) -> None:
    """What was chosen among other options stands for nothing any more."""
    if options_of(post.details) != options_of(details):
        post.votes.all().delete()


def files_differ(post: Post, document: Document) -> bool:
    wanted = reading.attachments(document, post.author.host)
    there = {each.remote_url: each for each in post.attachments.all()}
    return wanted.keys() != there.keys() or any(said_otherwise(there[url], said) for url, said in wanted.items())


def said_otherwise(row: Attachment, said: Document) -> bool:
    return any(getattr(row, name) != said[name] for name in DESCRIBED)


def attach(post: Post, document: Document) -> None:
    """What an edit newly attaches is noted; what it no longer attaches goes, file included."""
    wanted = reading.attachments(document, post.author.host)
    erasing.drop(post.attachments.exclude(remote_url__in=wanted))
    known = {each.remote_url: each for each in post.attachments.all()}
    keeping.attach([(post, url, said) for url, said in wanted.items() if url not in known])
    for url, row in known.items():
        if said_otherwise(row, wanted[url]):
            Attachment.objects.filter(pk=row.pk).update(**{name: wanted[url][name] for name in DESCRIBED})


def narrow(post: Post, document: Document, details: Document) -> None:
    """What others may do with a post follows its author's mind; a post that was not to be shared stays so.

    A poll has as many votes as its house says.
    """
    post.shareable = post.shareable and reading.permits(document, "canAnnounce")
    post.details = {
        **{key: value for key, value in post.details.items() if key not in ("closed", "poll")},
        **reading.closed(document),
        **details,
    }
    post.save(update_fields=["shareable", "details"])


@transaction.atomic
def rewrite(post: Post, kind: str, columns: Document, updated: datetime) -> None:
    versions.keep(post)
    Post.objects.filter(pk=post.pk).update(kind=kind, edited_at=updated, **columns)
    post.refresh_from_db()


@transaction.atomic
def forget(author: Actor, uri: str) -> bool:
    """The author withdraws a post: it is erased here with its media, and stays dead if it had not arrived yet."""
    if peers.authority_of(uri) != author.host:
        raise WrongActor(f"{author.uri} does not withdraw for another house")
    one_at_a_time.hold(uri)
    post = Post.objects.filter(uri=uri).first()
    if post is not None:
        must_be_hers(post, author)
    Tombstone.objects.get_or_create(uri=uri, author=author)
    if post is not None and post.withdrawn_at is None:
        erasing.erase(post)
    return post is not None


def pin(author: Actor, collection: str, uri: str, *, pinned: bool) -> bool:
    """The author's house features one of her posts, or no longer."""
    if not collection.startswith(f"{author.uri}/"):
        return False
    rows = Post.objects.filter(uri=uri, author=author, withdrawn_at=None)
    return bool(rows.update(pinned_at=now() if pinned else None))


@transaction.atomic
def forget_author(author: Actor) -> None:
    """An author of a peer left for good: everything of hers is erased here, for a few statements however much it is."""
    hers = Post.objects.filter(author=author, local=False, withdrawn_at=None)
    erasing.drop(Attachment.objects.filter(post__in=hers))
    Version.objects.filter(post__in=hers).delete()
    Vote.objects.filter(post__in=hers).delete()
    Tally.objects.filter(post__in=hers).delete()
    Post.hashtags.through.objects.filter(post__in=hers).delete()
    hers.update(withdrawn_at=now(), source="", html="", title="", details={}, pinned_at=None)
