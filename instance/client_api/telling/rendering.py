"""A post as each of many sees it: drawn once for all to whom it looks the same, then sealed for each.

What may differ is what she did with it, what she would rather not see, and which of its neighbours she may read; and
the addresses of pictures are sealed for one reader.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from functools import partial

import orjson

from actors.models import Actor
from inbox import homes
from instance import media_links
from instance.client_api.entities import statuses
from instance.client_api.telling.listening import To, context, everybody
from outbox import posts, readership
from outbox.posts import Boost, Post

Told = list[tuple[str, dict[str, list[int]]]]  # payloads, each with the readers whom it is told to, by channel
Drawn = Callable[[Actor, str], str]
SEALED = f"{media_links.READER}={{pk}}&{media_links.UNTIL}="
LINK = rf'/(medias|portraits)/([0-9A-Z]{{{{26}}}})/\?([^"\\\s<>]*?){SEALED}[0-9]+&{media_links.SEAL}=[\w-]+'


def of_post(post: Post, to: To, *, new: bool) -> Told:
    def drawn(viewer: Actor, where: str) -> str:
        return words(statuses.status(post, viewer, where))

    return for_each(post, to, drawn, new=new)


def of_share(share: Boost, to: To) -> Told:
    def drawn(viewer: Actor, where: str) -> str:
        return words(statuses.shared(share, statuses.status(share.post, viewer, where), viewer))

    return for_each(share.post, to, drawn, new=False)


def words(entity: object) -> str:
    return orjson.dumps(entity).decode()


def for_each(post: Post, to: To, drawn: Drawn, *, new: bool) -> Told:
    readers = everybody(to)
    own = {post.author_id} | homes.minding(post, readers) | (set() if new else readership.marking(post, readers))
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for viewer in Actor.objects.filter(pk__among=list(own & readers)).select_related("service"):
        for channel in [name for name, told in to.items() if viewer.pk in told]:
            found[drawn(viewer, context(channel))][channel].append(viewer.pk)
    for alike in groups(post, readers - own, new=new):
        for reader, payload in sealed_for(alike, drawn):
            for channel in [name for name, told in to.items() if reader in told]:
                found[payload][channel].append(reader)
    return [(payload, dict(channels)) for payload, channels in found.items()]


def groups(post: Post, readers: set[int], *, new: bool) -> Iterable[list[int]]:
    """Those to whom it looks the same: they may read what it answers, or not; and as many of its answers."""
    alike: dict[Hashable, list[int]] = defaultdict(list)
    above = posts.readers_among(post.in_reply_to, readers) if post.in_reply_to else set()
    below = [posts.readers_among(each, readers) for each in ([] if new else readership.answers(post))]
    for reader in readers:
        alike[reader in above, sum(reader in each for each in below)].append(reader)
    return alike.values()


def sealed_for(readers: list[int], drawn: Drawn) -> Iterable[tuple[int, str]]:
    """What is drawn for the first of them, with the addresses of its pictures sealed anew for each of the others."""
    people = Actor.objects.select_related("service")
    first = people.get(pk=readers[0])
    payload = drawn(first, "")
    yield first.pk, payload
    link, hers = re.compile(LINK.format(pk=first.pk)), SEALED.format(pk=first.pk)
    for reader in readers[1:]:
        own = link.sub(partial(anew, reader), payload) if hers in payload else payload
        # An address that we do not know how to seal anew is no other reader's: then it is drawn for each.
        yield reader, drawn(people.get(pk=reader), "") if hers in own else own


def anew(reader: int, found: re.Match[str]) -> str:
    kind, ulid, before = found[1], found[2], found[3]
    variant = "small" if f"{media_links.SIZE}={media_links.SMALL}&" in before else "original"
    return f"/{kind}/{ulid}/?{before}{media_links.sealed(kind, ulid, variant, Actor(pk=reader))}"
