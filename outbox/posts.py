"""Reading posts: the only door, and it asks who is looking."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, cast

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value

from actors import directory, following
from actors.models import Actor
from federation.composed import Composed
from federation.errors import Gone, NotHere
from outbox import audience, counting, emoji, readership, viewers
from outbox.models import Attachment, Boost, Like, Post, Version
from outbox.unshown import UNSHOWN

__all__ = ["Attachment", "Boost", "Post", "Version"]
KEPT = 1000  # posts that a process keeps as it read them: a few megabytes
THREAD = 500  # posts of one that are shown together
SHOWN_WITH = ("author", "author__service", "service", "in_reply_to__author")


def visible_to(viewer: Actor) -> QuerySet[Post]:
    """Every post that `viewer` (an agent, a colleague elsewhere, or a partner's house) may read or, once it was
    withdrawn, might have read."""
    on_the_list = directory.on_the_list("author__")
    return Post.objects.filter(audience.readable_by(viewer), on_the_list, author__suspended_at=None).exclude(
        author__in=following.kept_apart(viewer)
    )


def readable_by(viewer: Actor) -> QuerySet[Post]:
    """What `viewer` may read now, newest first."""
    return visible_to(viewer).filter(withdrawn_at=None).select_related(*SHOWN_WITH).order_by("-number")


def readers_among(post: Post, people: Collection[int]) -> set[int]:
    """Those of `people` of ours, by their keys, who may read `post` or, once it was withdrawn, might have read it."""
    return readership.among(post, people)


def readable_among(viewer: Actor, pks: Collection[int], without: Collection[int] = ()) -> list[Post]:
    """Those of these primary keys that `viewer` may read, but for what some wrote; in no order."""
    return asked(READABLE, viewer, pks, without)


def asked(question: Composed, viewer: Actor, pks: Collection[int] | str, without: Collection[int] = ()) -> list[Any]:
    """Agents of ours read by the same rules, into which their own keys are put; for others more is looked at."""
    if not viewer.local:
        return list(question.compose(viewer, viewer=0, service=0, pks=pks, without=without))
    serves = bool(viewer.service_id)
    return question(serves, viewer=viewer.pk, service=viewer.service_id or 0, pks=pks, without=without)


def for_viewers(compose: Callable[..., "QuerySet[Any, Any]"], keep: int = 0) -> Composed:
    def composed(
        shape: bool | Actor, viewer: int, service: int, pks: Collection[int], without: Collection[int]
    ) -> "QuerySet[Any, Any]":
        who = shape if isinstance(shape, Actor) else Actor(pk=viewer, local=True, service_id=service if shape else None)
        return compose(who, pks, without)

    return Composed(composed, keep)


def find(viewer: Actor, ulid: str) -> Post:
    """One post. Absent and not for this viewer are the same answer: NotHere."""
    found = asked(ONE, viewer, ulid)
    if not found:
        raise NotHere(ulid)
    return cast(Post, found[0])


def find_by_uri(viewer: Actor, uri: str) -> Post:
    """One post by its URI: NotHere when absent or not for this viewer, Gone once withdrawn."""
    found = visible_to(viewer).filter(uri=uri).select_related(*SHOWN_WITH).first()
    if found is None:
        raise NotHere(uri)
    if found.withdrawn_at:
        raise Gone(uri)
    return found


def own(author: Actor, uri: str) -> Post:
    """One of the author's own, whoever else may read it: NotHere when there is none, Gone once withdrawn."""
    found = Post.objects.filter(author=author, uri=uri).select_related("author", "in_reply_to__author").first()
    if found is None:
        raise NotHere(uri)
    if found.withdrawn_at:
        raise Gone(uri)
    return found


def written_by_another(author: Actor, uri: str) -> bool:
    """Whether a post of this URI is known, and somebody else's."""
    return Post.objects.filter(uri=uri).exclude(author=author).exists()


def exists(uri: str) -> bool:
    """Whether a post goes by this id, withdrawn or not. For those who would fetch it: no answer to a viewer."""
    return Post.objects.filter(uri=uri).exists()


def author_in_public(uri: str) -> Actor | None:
    """Who wrote it, if it is public: those who ask her house about it would be shown nothing else."""
    found = Post.objects.filter(uri=uri, audience="public").select_related("author").first()
    return found.author if found else None


def by(viewer: Actor, author: Actor) -> QuerySet[Post]:
    return readable_by(viewer).filter(author=author)


def thread(viewer: Actor, post: Post) -> tuple[list[Post], list[Post]]:
    """What leads to `post` (oldest first) and what follows it, as far as `viewer` may read it."""
    root = post.root_id or post.pk
    whole = list(readable_by(viewer).filter(Q(root=root) | Q(pk=root)).order_by("number")[:THREAD])
    by_pk = {each.pk: each for each in whole}
    above: list[Post] = []
    step = by_pk.get(post.in_reply_to_id or 0)
    while step is not None and step not in above:
        above.insert(0, step)
        step = by_pk.get(step.in_reply_to_id or 0)
    below, reached = [], {post.pk}
    for each in whole:
        if each.in_reply_to_id in reached:
            reached.add(each.pk)
            below.append(each)
    return above, below


def decorate(page: Iterable[Post], viewer: Actor) -> list[Post]:
    """The same posts with what a card shows: counts, the viewer's own marks, attachments. A fixed number of queries."""
    posts = list(page)
    pks = [post.pk for post in posts]
    tallies: dict[tuple[str, int], tuple[int, bool]] = {}
    hanging: dict[int, list[Any]] = {pk: [] for pk in pks}
    with_files: set[int] = set()
    for post_pk, n, own, of, *words in asked(TALLIES, viewer, pks):
        if of == "file":
            with_files.add(post_pk)
        elif of in ("named", "tag"):
            hanging[post_pk].append((n, own, *words))
        else:
            tallies[of, post_pk] = (n, bool(own))
    files, polls = files_of(with_files), counting.results(posts, viewer)
    parents, viewer_pk, none = parents_of(posts, viewer), viewer.pk, (0, False)
    drawn = emoji.used_in(f"{post.title} {post.html}" for post in posts)
    for post, pk, emojis in zip(posts, pks, drawn, strict=True):
        post.like_count, post.liked = tallies.get(("like", pk), none)
        post.boost_count, post.boosted = tallies.get(("boost", pk), none)
        post.reply_count = tallies.get(("reply", pk), none)[0]
        post.mine = post.author_id == viewer_pk
        post.can_boost = can_boost(post, viewer)
        post.can_reply, post.can_like = lets(post, viewer, "reply"), lets(post, viewer, "like")
        post.files, post.poll, post.emojis, post.hanging = files.get(pk, []), polls.get(pk), emojis, hanging[pk]
        post.answered = parents.get(post.in_reply_to_id or 0)
    return posts


def parents_of(posts: Sequence[Post], viewer: Actor) -> dict[int, Post]:
    """What they answer, by key, as far as the viewer may read it: it came with those that `readable_among` found."""
    known = {post.in_reply_to_id: post.in_reply_to for post in posts if getattr(post, "parent_shown", False)}
    unknown = {post.in_reply_to_id for post in posts if post.in_reply_to_id and not hasattr(post, "parent_shown")}
    found = {post.pk: post for post in readable_among(viewer, unknown)} if unknown else {}
    return found | {pk: post for pk, post in known.items() if pk and post}


def tallies_of(viewer: Actor, pks: Collection[int], _without: Collection[int]) -> "QuerySet[Any, Any]":
    """By post: how many likes and boosts, and whether the viewer's is one, without those of houses off the list nor of
    the suspended; how many replies that she may read; whom it names, its hashtags, and that there are files."""
    by, own = directory.on_the_list("actor__"), Count("pk", filter=Q(actor=viewer.pk))
    nothing = {"name": Value(""), "domain": Value(""), "here": Value(False)}
    likes, boosts = (
        each.objects.filter(by, actor__suspended_at=None, post__among=pks).values_list("post").annotate(n=Count("pk"))
        for each in (Like, Boost)
    )
    found = readable_by(viewer).order_by().filter(in_reply_to__among=pks).values_list("in_reply_to")
    replies = found.annotate(n=Count("pk"), own=Value(0), of=Value("reply"), **nothing)
    likes = likes.annotate(own=own, of=Value("like"), **nothing)
    boosts = boosts.annotate(own=own, of=Value("boost"), **nothing)
    named = Post.named.through.objects.filter(post__among=pks)
    people = named.values_list(
        "post_id", "pk", "actor_id", Value("named"), "actor__handle", "actor__domain", "actor__local"
    )
    borne = Post.hashtags.through.objects.filter(post__among=pks)
    subjects = borne.values_list("post_id", Value(0), Value(0), Value("tag"), "hashtag__name", Value(""), Value(False))
    files = Attachment.objects.filter(post__among=pks).order_by().values_list("post_id")
    files = files.annotate(n=Value(0), own=Value(0), of=Value("file"), **nothing)
    return likes.union(boosts, replies, people, subjects, files, all=True)


def of_pks(viewer: Actor, pks: Collection[int], without: Collection[int]) -> QuerySet[Post]:
    parent = readable_by(viewer).order_by().filter(pk=OuterRef("in_reply_to"))
    found = readable_by(viewer).order_by().filter(pk__among=pks).exclude(author__among=without)
    return found.annotate(parent_shown=Exists(parent)).defer(*UNSHOWN)


ONE = for_viewers(lambda viewer, ulid, _without: readable_by(viewer).filter(ulid=ulid))
READABLE, TALLIES = for_viewers(of_pks, keep=KEPT), for_viewers(tallies_of)


FILES = Composed(lambda _shape, pks: Attachment.objects.filter(post__among=pks))


def files_of(pks: Collection[int]) -> dict[int, list[Attachment]]:
    found: dict[int, list[Attachment]] = {}
    for each in FILES(pks=pks) if pks else []:
        found.setdefault(each.post_id or 0, []).append(each)
    return found


def can_boost(post: Post, viewer: Actor) -> bool:
    """Sharing never shows a post to anyone who could not read it: our own organisation's, and public ones."""
    if post.audience == "organisation":
        return post.local and viewer.local
    return post.audience == "public" and post.shareable


def lets(post: Post, viewer: Actor, deed: str) -> bool:
    """Whether others may "reply" to or "like" the post; its author's house may let nobody (interactionPolicy)."""
    return post.author_id == viewer.pk or deed not in post.details.get("closed", ())


def history(post: Post) -> list[Version]:
    return list(post.versions.all())


def attachment(viewer: Actor, ulid: str) -> Attachment:
    """A medium has the audience of its post; before publication it is its owner's alone."""
    found = Attachment.objects.select_related("post").filter(ulid=ulid).first()
    if found is None or (found.post is None and found.owner != viewer):
        raise NotHere(ulid)
    if found.post is not None:
        find(viewer, found.post.ulid)
    return found


def liked_by(actor: Actor) -> Q:
    """Posts that `actor` found useful."""
    return Q(pk__in=Like.objects.filter(actor=actor).values("post"))


def addressed_to(viewer: Actor) -> Q:
    """Posts that name `viewer`."""
    return viewers.named_to(viewer)


def pinned(viewer: Actor, author: Actor) -> QuerySet[Post]:
    return by(viewer, author).exclude(pinned_at=None)
