"""News that a reader asked for: each new post of someone whom she follows closely, edits of what she shared."""

from collections.abc import Sequence

from actors.models import Actor, Follow
from inbox.models import Notification
from outbox import readers
from outbox.posts import Post


def of_new(posts: Sequence[Post]) -> list[Notification]:
    """One query, whatever their number, when nobody asked to be told."""
    begun = [post for post in posts if goes_on_alone(post)]
    close = followers_told({post.author_id for post in begun})
    told = []
    for post in begun:
        for reader in readers.among_followers(post, close.get(post.author_id, [])):
            told.append(Notification(reader=reader, actor=post.author, reason="status", post=post))
    return told


def goes_on_alone(post: Post) -> bool:
    """A post that answers nobody, or its own author; talk with others is read in its thread."""
    parent = post.in_reply_to
    return not post.in_reply_to_uri or bool(parent and parent.author_id == post.author_id)


def followers_told(authors: set[int]) -> dict[int, list[Actor]]:
    """Who wants to be told of each new post, by author."""
    rows = Follow.objects.filter(followed__among=authors, notify=True, state="accepted", follower__local=True)
    found: dict[int, list[Actor]] = {}
    for row in rows.select_related("follower") if authors else []:
        found.setdefault(row.followed_id, []).append(row.follower)
    return found


def of_edited(posts: Sequence[Post]) -> list[Notification]:
    """For those who shared it: what they shared says something else now."""
    return [
        Notification(reader=reader, actor=post.author, reason="update", post=post)
        for post in posts
        for reader in readers.sharers(post)
    ]
