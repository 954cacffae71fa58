"""Two houses agree on who follows whom: a digest travels with what is written to followers, a difference is repaired.

FEP-8fcf. A lost Undo or Reject would otherwise let what is for followers flow on to someone who is none.
"""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import lru_cache, reduce
from hashlib import sha256
from operator import xor
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from actors import directory, follow_arrivals, following, own_names, throttle
from actors.models import Actor, Comparison, Follow
from federation import hallway, names, patience, peers, signatures
from federation.errors import BadSignature, FederationError, GiveUp, Held, NotFetched
from federation.models import Delivery
from federation.vocabulary import as_list, ids_of

log = structlog.get_logger()
HEADER = "collection-synchronization"
TOLD_WITH = {"Create", "Update", "Delete"}
LISTS = {"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"}
DIGEST = re.compile("[0-9a-f]{64}")
ASK_AGAIN = 60.0  # seconds
PAUSE = timedelta(minutes=5)  # between two comparisons for one actor
PAGES = 10
DISOWNED = 500  # letters to one house within a quarter of an hour


def digest(uris: list[str]) -> str:
    """The SHA-256 of each, combined by XOR: the order does not count."""
    return f"{reduce(xor, (int(sha256(uri.encode()).hexdigest(), 16) for uri in uris), 0):064x}"


def address(actor_uri: str) -> str:
    return f"{actor_uri}/followers_synchronization"


def followers_at(author: Actor, host: str) -> list[str]:
    """Those of one house to whom what `author` writes to followers is sent; and who are `unsure`, lest that house end
    what it knows better than ours: whom it does not count, it takes back."""
    listed = of_author(author.uri, "accepted", "unsure").filter(follower__host=host)
    return list(listed.values_list("follower__uri", flat=True))


def of_author(uri: str, *states: str, any_name: bool = False) -> QuerySet[Follow]:
    """Of those who follow under the present name of ours, unless it may be any."""
    active = {"follower__suspended_at": None, "follower__gone_at": None}
    rows = Follow.objects.filter(followed__uri=uri, followed__local=True, state__in=states, **active).order_by("pk")
    return rows if any_name else rows.filter(under="")


# --- On the way out ---


def headers(row: Delivery) -> dict[str, str]:
    """What the envelope of a letter to followers says of those of them who live where it goes."""
    letter, author = row.dispatch.document, row.dispatch.sender_uri
    followers = f"{author}/followers"
    if letter.get("type") not in TOLD_WITH or followers not in as_list(letter.get("to")):
        return {}
    minute, formerly = now().replace(second=0, microsecond=0), bool(names.former_host(author))
    counted, unsure = digests(names.presently(author), row.dispatch.activity_uri, minute, formerly)
    must_be_followed(row, unsure, row.host in counted)
    if row.host in unsure or formerly:  # who follows by a former name is told to nobody by a digest
        return {}
    value = counted.get(row.host, digest([]))
    return {HEADER: f'collectionId="{followers}", url="{address(author)}", digest="{value}"'}


def must_be_followed(row: Delivery, unsure: Collection[str], followed: bool) -> None:
    """What an author writes to followers waits while it is not known whether any are left there, and stays here when
    none are. Held, GiveUp."""
    letter = row.dispatch.document
    named = [uri for uri in [*as_list(letter.get("to")), *as_list(letter.get("cc"))] if peers.lives_at(uri, row.host)]
    if letter["type"] == "Delete" or named:
        return
    if row.host in unsure:
        raise Held("followers there are being counted anew", after=ASK_AGAIN)
    if not followed and letter["type"] == "Create":
        raise GiveUp("nobody there follows any more")


@lru_cache(maxsize=16)
def digests(author_uri: str, letter_uri: str, minute: datetime, any_name: bool) -> tuple[dict[str, str], set[str]]:
    """By house, counted once for all the envelopes of one letter that leave within a minute; and the houses of those
    of whom it is not known whether they follow (see `recounting`), or that may come along (see `own_names`).

    `any_name`: with those who follow under a former name of ours."""
    found: dict[str, list[str]] = {}
    counted = of_author(author_uri, "accepted", any_name=any_name)
    for host, uri in counted.values_list("follower__host", "follower__uri"):
        found.setdefault(host, []).append(uri)
    unsure = Follow.objects.filter(followed__uri=author_uri, followed__local=True, state="unsure")
    waited_for = set(unsure.values_list("follower__host", flat=True)) | own_names.coming_along(author_uri) - set(found)
    return {host: digest(uris) for host, uris in found.items()}, waited_for


own_names.REMEMBERED.append(digests)

# --- On arrival ---


def heard(author: Actor, header: str) -> None:
    """A signed envelope of `author` says how its house counts: when we count otherwise, its list is to be read."""
    try:
        said = signatures.parameters(header)
    except BadSignature:
        return
    url, own = said.get("url", ""), said.get("collectionId") == author.followers_uri != ""
    if not own or not peers.lives_at(url, author.host) or not DIGEST.fullmatch(said.get("digest", "")):
        return
    ours = presently().filter(followed=author, follower__local=True, state="accepted")
    if said["digest"] != digest(list(ours.values_list("follower__uri", flat=True))):
        compare_soon(author, url[:500])


def presently() -> QuerySet[Follow]:
    """Without those that ours made under a former name, and not anew yet: who follows by it is counted apart."""
    return (
        Follow.objects.filter(uri__startswith=f"{settings.ORIGIN}/") if settings.FORMER_HOSTS else Follow.objects.all()
    )


def compare_soon(author: Actor, url: str) -> None:
    row, new = Comparison.objects.get_or_create(actor=author, defaults={"url": url, "state": "waiting"})
    if not new and row.state == "done":
        row.step("waiting", url=url, due_at=max(now(), row.state_since + PAUSE))
    hallway.wake("synchronisation")


@hallway.drain("synchronisation")
def compare_due() -> int:
    """Read one list that is due. One that cannot be read is forgotten: the next letter will tell of it again."""
    due = Comparison.objects.filter(state="waiting", due_at__lte=now()).order_by("due_at", "pk")
    row = due.exclude(actor__host__in=patience.tired_of("synchronisation")).select_related("actor").first()
    if row is None:
        return 0
    if row.step("done"):
        try:
            with patience.waiting_for(row.actor.host, "synchronisation"):
                repair(row.actor, row.url)
        except FederationError as error:
            log.info("followers.not_compared", actor=row.actor.uri, reason=str(error)[:200])
    return 1


def repair(author: Actor, url: str, relearn: bool = False) -> None:
    """The author's house knows best who follows her; ours knows best who wants to, unless it is to `relearn` it.

    One that knows us by a former name only tells of that name: it is asked when it has heard of the present one.
    """
    if author.host in own_names.unheard():
        return
    asked_at = now()
    listed, whole = read_list(url)
    with transaction.atomic():
        follows = {each.follower.uri: each for each in follows_here(author)}
        for uri, follow in follows.items():
            if names.origin_of(follow.uri) != settings.ORIGIN:
                if uri in listed and follow.state == "accepted":
                    follow_arrivals.came_along(follow)
            elif uri in listed and follow.state == "asked":
                follow.step("accepted")
            elif uri not in listed and whole and follow.state == "accepted" and follow.state_since < asked_at:
                follow.step("undone")
        wanted = {uri for uri, follow in follows.items() if follow.state == "accepted"}
        for stranger in Actor.objects.filter(local=True, kind="Person", uri__in=sorted(listed - wanted)[:500]):
            if throttle.too_many("disown", author.host, DISOWNED):
                break  # the next letter will tell of the others again
            if relearn and stranger.uri not in follows:
                following.relearn(stranger, author)
            else:
                following.disown(stranger, author)
    log.info("followers.compared", actor=author.uri)


def follows_here(author: Actor) -> list[Follow]:
    return list(Follow.objects.filter(followed=author, follower__local=True).select_related("follower", "followed"))


def read_list(url: str, pages: int = PAGES) -> tuple[set[str], bool]:
    """Our people whom a partial collection of another house lists, and whether it was read to its end. NotFetched."""
    host, seen = peers.authority_of(url), {url}
    page: Any = directory.fetch(url)
    listed: set[str] = set()
    for _ in range(2 * pages):  # a page may lie within another
        if page.get("type") not in LISTS:
            raise NotFetched(f"{url} is not a collection")
        listed |= {uri for uri in ids_of(page.get("orderedItems") or page.get("items")) if peers.is_ours(uri)}
        onward = page.get("next") or page.get("first")
        if isinstance(onward, dict):
            page = onward
            continue
        if not isinstance(onward, str):
            return listed, True
        if onward in seen or len(seen) == pages or not peers.lives_at(onward, host):
            break
        seen.add(onward)
        page = directory.fetch(onward)
    return listed, False
