"""The verbs of an author: publish, edit, withdraw."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _

from actors import directory, following
from actors.models import Actor
from federation import delivery, happenings, ids, names
from federation.errors import FederationError, Forbidden
from federation.models import Delivery
from outbox import audience, documents, drafts, editing, erasing, posts, text
from outbox.audience import Reach
from outbox.drafts import DOCUMENTS, IMAGES, Draft, Poll
from outbox.kinds import KINDS
from outbox.models import Hashtag, Post

__all__ = [
    "DOCUMENTS",
    "IMAGES",
    "Draft",
    "Poll",
    "announce",
    "check",
    "edit",
    "mentioned",
    "owed_of",
    "own",
    "publish",
    "reach_of_reply",
    "readers_of",
    "sent_to",
    "withdraw",
]  # fmt: skip
NAMING_ADMITS = ("named", "followers")  # audiences in which a name in the text makes a reader


def publish(
    author: Actor,
    draft: Draft,
    reach: Reach,
    parent: Post | None = None,
    at: datetime | None = None,
    people: Sequence[Actor] | None = None,
) -> Post:
    """Write the post, who may read it and what is owed, in one transaction; Forbidden when it may not be.

    `at` is when it was written, if that was earlier; it is the moment that every house is told. `people` are those whom
    the text names (`mentioned`), when they were looked for already: other houses are not asked within a transaction.
    """
    if parent is not None:
        reach = reach_of_reply(author, parent, reach)
    check(author, draft, reach)
    if people is None:
        people = mentioned(draft.source)
    if parent is not None and reach.audience in NAMING_ADMITS:
        people = readers_of(parent, people)
    with transaction.atomic():
        post = write(author, draft, reach, people, parent, at or now())
        announce(post, documents.create(post), audience.inboxes(post))
        happenings.happened("written", [post.pk])
    return post


def reach_of_reply(author: Actor, parent: Post, wished: Reach) -> Reach:
    """What a reply may reach, whatever was wished; answering some of its readers in private is always possible."""
    posts.find(author, parent.ulid)
    if not posts.lets(parent, author, "reply"):
        raise Forbidden(_("L’auteur de cette publication ne souhaite pas de réponse."))
    if wished.audience == "named":
        return Reach("named", named=tuple(readers_of(parent, wished.named)))
    return audience.of_reply(parent, author)


def readers_of(post: Post, people: Sequence[Actor]) -> list[Actor]:
    """Those of `people` who may read `post`: its author, and whoever its audience includes."""
    return [each for each in people if posts.readable_by(each).filter(pk=post.pk).exists()]


def check(author: Actor, draft: Draft, reach: Reach) -> None:
    """What a post must be before anything is written; each refusal is a sentence for its author."""
    if not author.local or not author.active:
        raise Forbidden(_("Ce compte ne peut pas publier."))
    if draft.becomes not in KINDS or reach.audience not in audience.AUDIENCES:
        raise Forbidden(_("Ce type de publication n’existe pas."))
    if draft.becomes == "question" and draft.poll is None:
        raise Forbidden(_("Un sondage propose de deux à dix choix."))
    drafts.check(draft)
    if reach.audience == "public" and not settings.PUBLIC_POSTS:
        raise Forbidden(_("Votre collectivité n’ouvre pas ses publications à tout internet."))
    if reach.audience == "service" and (reach.service is None or reach.service != author.service):
        raise Forbidden(_("Vous n’avez pas de service : choisissez une autre audience."))
    if reach.audience == "chosen_partners" and not reach.houses:
        raise Forbidden(_("Choisissez au moins une collectivité."))
    if reach.audience == "named" and not reach.named and not text.mentions(draft.source):
        raise Forbidden(_("Désignez au moins une personne."))


def mentioned(source: str) -> list[Actor]:
    """The people whom a text names, as far as we can find them; a name that nobody bears stays plain text."""
    people = []
    for name in text.mentions(source)[:50]:
        try:
            people.append(directory.by_address(name))
        except FederationError:
            continue
    return people


def write(
    author: Actor, draft: Draft, reach: Reach, people: Sequence[Actor], parent: Post | None, at: datetime
) -> Post:
    ulid = ids.new_ulid(at)
    post = Post.objects.create(
        uri=ids.object_uri(ulid),
        ulid=ulid,
        author=author,
        local=True,
        kind=draft.becomes,
        title=draft.title.strip()[:300],
        sensitive=draft.is_sensitive,
        details=editing.details_of(draft, at),
        source=draft.source,
        html=text.render(draft.source, people),
        language=draft.language,
        audience=reach.audience,
        service=reach.service,
        shareable=audience.AUDIENCES[reach.audience].shareable,
        in_reply_to=parent,
        in_reply_to_uri=parent.uri if parent else "",
        root_id=(parent.root_id or parent.pk) if parent else None,
        published_at=at,
    )
    post.named.set({*reach.named, *people} - {author, *following.kept_apart(author)})
    post.houses.set(reach.houses)
    tag(post)
    editing.attach(post, draft)
    editing.await_end(post, draft)
    return post


def tag(post: Post) -> None:
    names = text.hashtags(post.source)
    Hashtag.objects.bulk_create([Hashtag(name=name) for name in names], ignore_conflicts=True)
    post.hashtags.set(Hashtag.objects.filter(name__in=names))


def announce(post: Post, document: documents.Document, inboxes: set[str]) -> None:
    """To the houses that may read it, and up our own stairs so that colleagues are notified."""
    delivery.send(document, inboxes, post.author.uri)
    letter = documents.announced_at_home(str(document["type"]), str(document["id"]), post.author, post.uri)
    delivery.send(letter, [ids.shared_inbox()], post.author.uri)


def edit(author: Actor, post: Post, draft: Draft, at: datetime | None = None) -> Post:
    """Replace what it says and what hangs from it; what it said stays readable. Its audience does not change.

    See `drafts.of` for the post as a draft. Forbidden.
    """
    own(author, post)
    draft = editing.settled(post, draft)
    editing.check(post, draft)
    people = mentioned(draft.source)
    if not editing.differs(post, draft):
        return post
    with transaction.atomic():
        editing.rewrite(post, draft, text.render(draft.source, people), at or now())
        if post.audience not in NAMING_ADMITS:
            post.named.add(*({*people} - {author, *following.kept_apart(author)}))
        tag(post)
        announce(post, documents.update(post), having(post))
        happenings.happened("edited", [post.pk])
    return post


def withdraw(author: Actor, post: Post) -> None:
    """Take a post back: its text and media are erased here, and every house that was sent it is told."""
    own(author, post)
    with transaction.atomic():
        to, cc = audience.address(post)
        inboxes = having(post)
        erasing.erase(post)
        announce(post, documents.delete(post, to, cc), inboxes)


def own(author: Actor, post: Post) -> None:
    if post.author_id != author.pk or not post.local:
        raise Forbidden(_("Cette publication n’est pas la vôtre."))


def having(post: Post) -> set[str]:
    """Who has it, or should. A post of a former name of ours is nothing to houses that came after."""
    return sent_to(post) | (set() if names.former_host(post.uri) else audience.inboxes(post))


def sent_to(post: Post) -> set[str]:
    """Every inbox that was ever owed news of this post: the ledger, not today's followers."""
    return set(owed_of(post).values_list("inbox", flat=True))


def owed_of(post: Post) -> QuerySet[Delivery]:
    """What other houses were ever owed of this post."""
    return Delivery.objects.filter(dispatch__object_uri=post.uri).exclude(host=settings.HOST)
