"""To which of those who listen an event about a post is told: who may read it, of those in whose streams it stands."""

from inbox import homes
from instance.client_api.telling.listening import Listening, To, everybody
from outbox import posts, readership
from outbox.posts import Boost, Post


def of_post(post: Post, listening: Listening) -> To:
    may = posts.readers_among(post, everybody(listening.to_posts))
    if not may:
        return {}
    heard = homes.hearing(post.author_id, may)
    to = {"home": homes.home(post, listening["home"] & may)}
    for name in named_channels(post, listening):
        to[name] = listening[name] & heard
    for key, owner in homes.lists(post, listening.lists).items():
        to[f"list/{key}"] = listening[f"list/{key}"] & heard & {owner}
    return {name: readers for name, readers in to.items() if readers}


def named_channels(post: Post, listening: Listening) -> set[str]:
    """Those that are everybody's, and those of its subjects."""
    found = homes.in_public(post)
    if any(f"{name}:media" in listening.channels for name in found) and readership.has_media(post):
        found |= {f"{name}:media" for name in found}
    if any(name.startswith("hashtag") for name in listening.channels):
        for subject in readership.subjects(post):
            found |= {f"hashtag/{subject}", *([f"hashtag:local/{subject}"] if post.local else [])}
    return found & listening.channels.keys()


def of_withdrawn(post: Post, listening: Listening) -> To:
    """Whoever might have read it, wherever it stood: what it was about is known no more."""
    channels = listening.to_posts
    may = homes.hearing(post.author_id, posts.readers_among(post, everybody(channels)))
    return {name: readers & may for name, readers in channels.items() if readers & may}


def of_share(share: Boost, listening: Listening) -> To:
    if not readership.shown(share.actor_id):
        return {}
    may = homes.hearing(share.post.author_id, posts.readers_among(share.post, listening["home"]))
    told = homes.sharing(share.actor_id, readership.before(share), may)
    return {"home": told} if told else {}
