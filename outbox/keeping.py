"""Posts that arrive, kept many at a time: a batch costs few statements, whatever its size."""

import math
from collections.abc import Callable, Iterable, Sequence
from time import monotonic
from typing import Any

from actors.models import Actor
from federation import hallway, happenings, ids
from federation.errors import FederationError, TryAgain, WrongActor
from federation.vocabulary import addressed, id_of, text_of
from outbox import audience, ballots, posts, reading, text
from outbox.ballots import Counted
from outbox.kinds import BY_TYPE, Readable
from outbox.models import Attachment, Hashtag, Post
from outbox.surroundings import Surroundings, look_around

Document = dict[str, Any]
Arrival = tuple[Actor, Document]
Outcome = Post | Counted | FederationError | None
LATER = TryAgain("its turn comes")


def keep_all(arrivals: Sequence[Arrival], seconds: float = math.inf) -> list[Outcome]:
    """What became of each, in their order; the caller's transaction holds them all.

    A post, written now or known before; that a vote was counted; None when it is not for us or was withdrawn; or why
    it may not be. LATER for those that are left when the seconds are over: nobody knows how long the words of a
    stranger take to read.
    """
    around = look_around(arrivals)
    new: dict[str, Post] = {}
    outcomes: list[Outcome] = []
    until = monotonic() + seconds
    for author, document in arrivals:
        late = outcomes and monotonic() > until
        outcomes.append(LATER if late else outcome(author, document, around, new))
    write(list(new.values()), around)
    return outcomes


def outcome(author: Actor, document: Document, around: Surroundings, new: dict[str, Post]) -> Outcome:
    try:
        uri = reading.check_author(author, document)
    except FederationError as error:
        return error
    known = around.posts.get(uri) or new.get(uri)
    if known is not None:
        return already(known, author)
    answers = around.posts.get(id_of(document.get("inReplyTo")))
    if answers is not None and ballots.is_vote(document, answers):
        return ballots.cast(author, answers, document)
    reach = audience.read_address(document, author, around.known)
    kind = BY_TYPE.get(text_of(document.get("type"), 50))
    if reach is None or kind is None or (uri, author.pk) in around.buried:
        return None
    new[uri] = drawn_up(author, uri, kind, reach, document, around)
    return new[uri]


def already(known: Post, author: Actor) -> Outcome:
    if known.author_id != author.pk:
        return WrongActor(f"{author.uri} did not write {known.uri}")
    return None if known.withdrawn_at else known


def drawn_up(author: Actor, uri: str, kind: Readable, reach: str, document: Document, around: Surroundings) -> Post:
    """The post as it will be written, with what will hang from it."""
    published = reading.moment(document.get("published"))
    answers = id_of(document.get("inReplyTo"))
    parent = answered(author, around.posts.get(answers))
    receivers = addressed(document)
    people = around.people_of(receivers | reading.mentioned(document))
    columns = kind.from_document(document)
    details = reading.closed(document) | columns.pop("details", {})
    post = Post(
        uri=uri,
        ulid=ids.new_ulid(published),
        author=author,
        kind=kind.name,
        audience=reach,
        language=reading.language(document),
        shareable=reach == "public" and reading.permits(document, "canAnnounce"),
        sensitive=reading.sensitive(document),
        details=details,
        in_reply_to=parent,
        in_reply_to_uri=answers,
        root_id=(parent.root_id or parent.pk) if parent else None,
        published_at=published,
        **columns | {"html": text.at_home(columns["html"], people)},
    )
    post.readers_named = [each for each in people if each.uri in receivers]
    post.houses_named = [around.houses[each] for each in receivers & around.houses.keys()]
    post.subjects_said = reading.subjects(document)
    post.attached = reading.attachments(document, author.host)
    return post


def answered(author: Actor, parent: Post | None) -> Post | None:
    """What a post answers, if we have it; of ours, only what its author may read."""
    if parent is None or not parent.local:
        return parent
    return parent if posts.visible_to(author).filter(pk=parent.pk).exists() else None


def write(new: list[Post], around: Surroundings) -> None:
    if not new:
        return
    Post.objects.bulk_create(new)
    link(Post.named.through, new, "actor_id", lambda post: [each.pk for each in post.readers_named])
    link(Post.houses.through, new, "peer_id", lambda post: post.houses_named)
    tags = hashtags({name for post in new for name in post.subjects_said})
    link(Post.hashtags.through, new, "hashtag_id", lambda post: [tags[name] for name in sorted(post.subjects_said)])
    attach([(post, url, said) for post in new for url, said in post.attached.items()])
    adopt_replies([post.uri for post in new])
    happenings.happened("written", [post.pk for post in new])


def link(through: Any, new: Iterable[Post], column: str, ends: Callable[[Post], Iterable[int]]) -> None:
    rows = [through(post_id=post.pk, **{column: end}) for post in new for end in ends(post)]
    if rows:
        through.objects.bulk_create(rows, ignore_conflicts=True)


def hashtags(names: set[str]) -> dict[str, int]:
    """Their keys, by name; new ones are made."""
    if not names:
        return {}
    Hashtag.objects.bulk_create([Hashtag(name=name) for name in sorted(names)], ignore_conflicts=True)
    return dict(Hashtag.objects.filter(name__among=names).values_list("name", "pk"))


def attach(wanted: Sequence[tuple[Post, str, Document]]) -> None:
    """Note what is attached; it is fetched in the background, with our signature, before anyone here looks."""
    rows = [
        Attachment(owner=post.author, post=post, remote_url=url, state="waiting", **said) for post, url, said in wanted
    ]
    if rows:
        Attachment.objects.bulk_create(rows)
        hallway.wake("media")


def adopt_replies(uris: Sequence[str]) -> None:
    """Replies that came before what they answer, or together with it, find their place: as many as a thread shows.

    So a thread that comes last post first costs each letter no more than that.
    """
    orphans = Post.objects.filter(in_reply_to_uri__among=uris, in_reply_to=None).order_by("pk")
    for orphan in orphans.only("pk", "in_reply_to_uri")[: posts.THREAD]:
        parent = Post.objects.only("pk", "root_id").get(uri=orphan.in_reply_to_uri)
        root = parent.root_id or parent.pk
        if orphan.pk not in (parent.pk, root):
            after = Post.objects.filter(root=orphan).order_by("pk").values_list("pk", flat=True)[: posts.THREAD]
            Post.objects.filter(pk__among=list(after)).update(root=root)
            Post.objects.filter(pk=orphan.pk).update(in_reply_to=parent, root=root)
