"""What each timeline is made of: the strands of its lines, and what is left out of them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Now

from actors import following
from actors.models import Actor, Follow, Mute
from federation.composed import Composed
from inbox.models import FollowedTag, List
from outbox import strands
from outbox.posts import Post
from outbox.strands import Strand

BEGINS = Q(in_reply_to_uri="")  # answers are read in their thread
ABROAD = ("partners", "chosen_partners", "public")


@dataclass(frozen=True)
class Woven:
    """A timeline: its strands, which of the posts in them it shows, whom it leaves out, who may share into it."""

    strands: list[Strand]
    shows: Callable[[Post], bool] = lambda post: True
    unheard: Collection[int] = ()
    sharers: Collection[int] = ()


@dataclass
class Reader:
    """Whom and what a reader follows, whom she muted, whom she reads in lists alone: primary keys.

    Some of those may be suspended, or of a house that is no longer on the list: what is read of them leaves them out.
    """

    followed: set[int] = field(default_factory=set)
    sharers: set[int] = field(default_factory=set)
    groups: set[int] = field(default_factory=set)
    muted: set[int] = field(default_factory=set)
    apart: set[int] = field(default_factory=set)
    tags: set[int] = field(default_factory=set)


def keys_of(_shape: None, viewer: int) -> QuerySet[Any, Any]:
    follows = Follow.objects.filter(follower=viewer, state="accepted").order_by()
    groups = Actor.objects.filter(kind="Group", pk__in=follows.values("followed")).order_by()
    muted = Mute.objects.filter(Q(until=None) | Q(until__gt=Now()), actor=viewer)
    lists = List.objects.filter(owner=viewer, exclusive=True).exclude(members=None).order_by()
    tags = FollowedTag.objects.filter(reader=viewer)
    return follows.values_list("followed_id", Value("followed"), "boosts").union(
        groups.values_list("pk", Value("groups"), Value(False)),
        muted.values_list("target_id", Value("muted"), Value(False)),
        lists.values_list("members", Value("apart"), Value(False)),
        tags.values_list("hashtag_id", Value("tags"), Value(False)),
        all=True,
    )


KEYS = Composed(keys_of)


def reader(viewer: Actor) -> Reader:
    """In one question."""
    found = Reader()
    keys = vars(found)
    for key, kind, boosts in KEYS(viewer=viewer.pk):
        keys[kind].add(key)
        if boosts:
            found.sharers.add(key)
    found.followed -= found.muted
    found.sharers -= found.muted
    return found


def home(viewer: Actor) -> Woven:
    """What begins among those I follow and in my organisation, what those I follow share, what names me or is mine."""
    me = reader(viewer)
    authors = {*me.followed, *members_of(me.groups)} - me.muted - me.apart
    sharers = me.sharers - me.apart
    found = [
        strands.written_by(authors, strands.BEGUN + strands.FOR_FOLLOWERS),
        strands.shared_by(sharers),
        strands.begun("organisation", without=me.apart),
        strands.naming(viewer),
        strands.own(viewer),
    ]
    if viewer.service_id:
        found.append(strands.begun("service", service=viewer.service_id, without=me.apart))
    if me.tags:
        found.append(strands.posts(BEGINS, ~Q(author__among=me.apart), strands.bears(pk__among=me.tags)))
    return Woven(found, unheard=me.muted, sharers=sharers)


def members_of(groups: Collection[int]) -> list[int]:
    return list(Actor.objects.filter(service__in=groups).values_list("pk", flat=True)) if groups else []


def service(viewer: Actor) -> Woven:
    """What the colleagues of my service begin."""
    members = members_of([viewer.service_id]) if viewer.service_id else []
    return heard(viewer, strands.written_by(members, strands.BEGUN))


def heard(viewer: Actor, *found: Strand) -> Woven:
    """Without the voices that the viewer muted."""
    return Woven(list(found), unheard=list(following.muting().filter(actor=viewer).values_list("target_id", flat=True)))


def local(viewer: Actor, only_media: bool = False) -> Woven:
    """What my organisation begins."""
    return heard(viewer, strands.begun(local=True, only_media=only_media))


def partners(viewer: Actor, only_media: bool = False) -> Woven:
    """What is begun for several houses, here and next door."""
    return heard(viewer, *abroad(only_media))


def remote(viewer: Actor, only_media: bool = False) -> Woven:
    """What is begun next door for several houses."""
    return heard(viewer, *abroad(only_media, local=False))


def abroad(only_media: bool, local: bool | None = None) -> list[Strand]:
    return [strands.begun(each, local=local, only_media=only_media) for each in ABROAD]


def public(viewer: Actor, only_media: bool = False) -> Woven:
    """What my organisation begins, and what is begun next door for several houses."""
    return heard(viewer, strands.begun(local=True, only_media=only_media), *abroad(only_media, local=False))


def with_media(wanted: bool) -> list[Q]:
    return [strands.has_media()] if wanted else []


@dataclass(frozen=True)
class Wish:
    """Which posts of a hashtag: with any of these too, with all of those, with none of others, of here or next door."""

    any: Collection[str] = ()
    all: Collection[str] = ()
    none: Collection[str] = ()
    only_media: bool = False
    local: bool | None = None


def tag(viewer: Actor, name: str, wish: Wish = Wish()) -> Woven:
    """What bears a hashtag."""
    found = [strands.bears(name__among=names([name, *wish.any])), *with_media(wish.only_media)]
    found += [strands.bears(name=each) for each in names(wish.all)]
    found += [~strands.bears(name__among=names(wish.none))] if wish.none else []
    where = {} if wish.local is None else {"local": wish.local}
    return heard(viewer, strands.posts(*found, **where))


def names(said: Collection[str]) -> list[str]:
    return sorted({each.lower().lstrip("#") for each in said})


def chosen(viewer: Actor, of: List) -> Woven:
    """What the members of a list, of those whom its owner follows, begin and share, and what they answer to some."""
    me = reader(viewer)
    members = {*of.members.values_list("pk", flat=True)} & {*me.followed, viewer.pk}
    sharers = members & me.sharers
    answered = {"list": members, "followed": me.followed}.get(of.replies_policy, set()) | {viewer.pk}

    def shows(post: Post) -> bool:
        parent = post.in_reply_to
        return not post.in_reply_to_uri or (parent is not None and parent.author_id in {*answered, post.author_id})

    return Woven([strands.written_by(members), strands.shared_by(sharers)], shows, me.muted, sharers)


@dataclass(frozen=True)
class Look:
    """What of a profile: no answers to others, nothing that she shared, only with media, of a hashtag, pinned."""

    exclude_replies: bool = False
    exclude_reblogs: bool = False
    only_media: bool = False
    tagged: str = ""
    pinned: bool = False


def author(viewer: Actor, person: Actor, look: Look = Look()) -> Woven:
    """What someone wrote and shared; whoever looks there hears her, muted or not."""
    found = with_media(look.only_media)
    found += [BEGINS | Q(in_reply_to__author=person)] if look.exclude_replies else []
    found += [strands.bears(name__among=names([look.tagged]))] if look.tagged else []
    found += [Q(pinned_at__isnull=False)] if look.pinned else []
    only_posts = look.exclude_reblogs or look.only_media or look.tagged or look.pinned
    shared = [] if only_posts else [strands.shared_by([person.pk])]
    return Woven([strands.posts(*found, author=person), *shared], sharers=[person.pk])


TIMELINES: dict[str, Callable[..., Woven]] = {
    "home": home,
    "service": service,
    "local": local,
    "partners": partners,
    "remote": remote,
    "public": public,
    "tag": tag,
    "list": chosen,
    "author": author,
}
