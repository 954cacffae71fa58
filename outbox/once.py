"""What an application asks twice is written once: a request that it named by a key has one result for an hour."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from time import monotonic

from django.db import transaction
from django.utils.timezone import now

from actors.models import Actor
from federation import hallway
from outbox.models import Asked, Post, Scheduled

Result = Post | Scheduled
FOR, KEPT = timedelta(hours=1), timedelta(days=1)
EVERY = 3600.0  # seconds
_last = {"swept": -EVERY}


def once(author: Actor, key: str, make: Callable[[], Result]) -> Result:
    """What `make` gives, or gave the first time; without a key, each time anew. What it raises leaves no trace.

    All in one transaction: whoever asks at the same moment waits for the end of it, and what was written is known by
    its key. So `make` asks no other house: see `people` of `publishing.publish`.
    """
    if not key:
        return make()
    hashed = hash_of(key)
    with transaction.atomic():
        Asked.objects.get_or_create(author=author, key=hashed)
        row = Asked.objects.select_for_update(of=("self",)).select_related("post", "scheduled")
        asked = row.get(author=author, key=hashed)
        if (given := still(asked)) is not None:
            return given
        result = make()
        asked.post = result if isinstance(result, Post) else None
        asked.scheduled = result if isinstance(result, Scheduled) else None
        asked.since = now()
        asked.save()
        return result


def known(author: Actor, key: str) -> Result | None:
    """What was given for this key: what it was made of may be spent by then, as files are."""
    row = Asked.objects.select_related("post", "scheduled").filter(author=author, key=hash_of(key)).first()
    return still(row) if row and key else None


def hash_of(key: str) -> str:
    return sha256(key.encode(errors="surrogatepass")).hexdigest()


def still(asked: Asked) -> Result | None:
    """The first result, for an hour and unless its author withdrew it."""
    if asked.since < now() - FOR or (asked.post and asked.post.withdrawn_at):
        return None
    return asked.post or asked.scheduled


@hallway.drain("asked")
def sweep() -> int:
    """Forget what was asked a day ago, once an hour."""
    if monotonic() - _last["swept"] >= EVERY:
        _last["swept"] = monotonic()
        Asked.objects.filter(since__lt=now() - KEPT).delete()
    return 0
