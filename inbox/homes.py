"""In whose timelines a post stands, of those who listen at once: `inbox.timelines` asked from the other side.

Who may read it was asked before, of `outbox.posts.readers_among`.
"""

from collections.abc import Collection

from django.db.models import Q
from django.utils.timezone import now

from actors.models import Actor, Follow, Mute
from inbox.models import Bookmark, Filter, FollowedTag, List, MutedThread
from outbox.posts import Post

ABROAD = ("partners", "chosen_partners", "public")
NEVER_BY_FOLLOWING = ("named", "service", "organisation")


def hearing(author: int, readers: Collection[int]) -> set[int]:
    """Those who did not mute the author."""
    muted = Mute.objects.filter(Q(until=None) | Q(until__gt=now()), target=author, actor__among=list(readers))
    return set(readers) - set(muted.values_list("actor_id", flat=True)) if readers else set()


def home(post: Post, readers: Collection[int]) -> set[int]:
    """In whose home: hers, of those whom it names, and what begins near them."""
    heard = hearing(post.author_id, readers)
    found = {post.author_id} | naming(post, heard)
    if not post.in_reply_to_uri:
        found |= near(post, heard) - apart(post.author_id, heard)
    return found & heard


def naming(post: Post, readers: Collection[int]) -> set[int]:
    rows = Post.named.through.objects.filter(post=post, actor__among=list(readers))
    return set(rows.values_list("actor_id", flat=True)) if readers else set()


def near(post: Post, readers: Collection[int]) -> set[int]:
    """Those in whose organisation or service it begins, who follow its author, her service or one of its subjects."""
    if not readers or (post.local and post.audience == "organisation"):
        return set(readers)
    tags = post.hashtags.through.objects.filter(post=post).values("hashtag_id")
    rows = FollowedTag.objects.filter(reader__among=list(readers), hashtag__in=tags)
    found = set(rows.values_list("reader_id", flat=True))
    if post.audience == "service":
        found |= of_service(post, readers)
    if post.audience not in NEVER_BY_FOLLOWING:
        found |= following(post.author, readers)
    return found


def of_service(post: Post, readers: Collection[int]) -> set[int]:
    rows = Actor.objects.filter(pk__among=list(readers), service=post.service_id)
    return set(rows.values_list("pk", flat=True)) if post.service_id else set()


def following(author: Actor, readers: Collection[int]) -> set[int]:
    """Those who follow someone, or her service."""
    followed = [key for key in (author.pk, author.service_id) if key]
    rows = Follow.objects.filter(followed__in=followed, follower__among=list(readers), state="accepted")
    return set(rows.values_list("follower_id", flat=True)) if readers else set()


def apart(author: int, readers: Collection[int]) -> set[int]:
    """Those who read the author in an exclusive list, and not in their home."""
    rows = List.objects.filter(owner__among=list(readers), exclusive=True, members=author)
    return set(rows.values_list("owner_id", flat=True)) if readers else set()


def in_public(post: Post) -> set[str]:
    """The timelines of everybody in which a post stands: `public:local` and `public`, or `public:remote` and that."""
    if post.in_reply_to_uri:
        return set()
    if post.local:
        return {"public", "public:local"}
    return {"public", "public:remote"} if post.audience in ABROAD else set()


def lists(post: Post, wanted: Collection[int]) -> dict[int, int]:
    """Of these lists, those that show a post: the key of each, with its owner's."""
    rows = List.objects.filter(pk__among=list(wanted), members=post.author_id) if wanted else []
    return {each.pk: each.owner_id for each in rows if shows(each, post)}


def shows(each: List, post: Post) -> bool:
    """What members begin, if the owner follows them, and what they answer, as far as she wants to read that."""
    if post.author_id != each.owner_id and not follows(each.owner_id, post.author_id):
        return False
    if not post.in_reply_to_uri:
        return True
    answered = post.in_reply_to.author_id if post.in_reply_to else None
    if answered is None:
        return False
    if answered in (post.author_id, each.owner_id):
        return True
    if each.replies_policy == "followed":
        return follows(each.owner_id, answered)
    member = each.members.filter(pk=answered).exists()
    return each.replies_policy == "list" and member and follows(each.owner_id, answered)


def follows(one: int, other: int) -> bool:
    return Follow.objects.filter(follower=one, followed=other, state="accepted").exists()


def sharing(sharer: int, before: Collection[int], readers: Collection[int]) -> set[int]:
    """Those in whose home stands what somebody shares: who follow her, want to see that, and saw it from nobody else.

    `before` are those who shared the same earlier.
    """
    heard = hearing(sharer, readers)
    if not heard:
        return set()
    rows = Follow.objects.filter(follower__among=list(heard), state="accepted", boosts=True)
    told = set(rows.filter(followed=sharer).values_list("follower_id", flat=True))
    seen = rows.filter(followed__among=list(before)).values_list("follower_id", flat=True) if before else []
    return told - set(seen) - apart(sharer, heard)


def minding(post: Post, readers: Collection[int]) -> set[int]:
    """Those who kept the post for later, silenced its thread, or would rather not see some things."""
    if not readers:
        return set()
    among = list(readers)
    found = set(Filter.objects.filter(owner__among=among).values_list("owner_id", flat=True))
    found |= set(Bookmark.objects.filter(post=post, reader__among=among).values_list("reader_id", flat=True))
    silenced = MutedThread.objects.filter(root=post.root_id or post.pk, reader__among=among)
    return found | set(silenced.values_list("reader_id", flat=True))
