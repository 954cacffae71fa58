"""Which of our names another house knows us by: a former one, until its instance actor follows the present one.

See docs/decisions/0022-a-house-changes-its-name.md.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from actors.models import Actor, Follow
from federation import delivery, ids, names
from federation.errors import Held
from federation.models import Delivery, Peer
from federation.vocabulary import with_context

AGAIN = 900.0  # seconds after which what waits for a house to hear of us is looked at again
REMEMBERED_FOR = 10  # seconds
SOON = timedelta(seconds=15)  # when no process remembers otherwise, and whoever follows has had her answer
COMING_ALONG = timedelta(days=7)  # that those who followed a former name may take to follow the present one


def origin_towards(host: str) -> str:
    """The origin that a house knows us by: it refuses what is said under a name that it never heard of."""
    return names.origin_at(former) if (former := unheard().get(host, "")) else str(settings.ORIGIN)


def instance_towards(host: str) -> str:
    """The former instance actor, for a house that knows of no other; else empty."""
    return ids.instance_actor_uri(origin_towards(host)) if host in unheard() else ""


def unheard() -> Mapping[str, str]:
    """The houses that do not know us by the present name yet, and by which they do."""
    return unheard_then(int(monotonic() / REMEMBERED_FOR)) if settings.FORMER_HOSTS else {}


@lru_cache(maxsize=1)
def unheard_then(moment: int) -> dict[str, str]:
    return unheard_now()


def unheard_now() -> dict[str, str]:
    return dict(Peer.objects.exclude(knows_us_as="").values_list("host", "knows_us_as"))


def waiting() -> QuerySet[Peer]:
    """Partners whose admins have not confirmed the present name: a house with which it is over has no need to."""
    return Peer.objects.filter(state__in=("active", "suspended")).exclude(knows_us_as="").order_by("host")


REMEMBERED: list[Any] = [unheard_then]  # of which houses must wait


def know(peer: Peer, asked_uri: str) -> None:
    """By the name of ours that a house made us an offer under, it knows us."""
    former = names.former_host(asked_uri)
    if not former:
        heard(peer.host)
    elif peer.state != "active" and peer.knows_us_as != former:
        Peer.objects.filter(pk=peer.pk).update(knows_us_as=former)
        peer.knows_us_as = former
        unheard_then.cache_clear()


def tell(peer: Peer) -> None:
    """Our instance actor, by the name that the house knows, says what it is called now. Its admins decide."""
    former = ids.instance_actor_uri(names.origin_at(peer.knows_us_as))
    if peer.knows_us_as and peer.shared_inbox:
        send_move(former, ids.instance_actor_uri(), {peer.shared_inbox})


def tell_of(follow: Follow) -> None:
    """Whoever follows one of ours by a former name is told the present one, when her house may know it."""
    former = names.at(follow.followed.uri, names.origin_at(follow.under)) if follow.under else ""
    if former and follow.followed.kind != "Application":
        send_move(former, follow.followed.uri, {follow.follower.shared_inbox or follow.follower.inbox})


def send_move(actor_uri: str, target_uri: str, inboxes: set[str]) -> None:
    uri = ids.activity_uri(origin=names.origin_of(actor_uri))
    move = {"id": uri, "type": "Move", "actor": actor_uri, "object": actor_uri, "target": target_uri}
    delivery.send(with_context(move), inboxes, actor_uri)


def heard(host: str) -> None:
    """Its instance actor follows the present one: what waits for it may leave."""
    if Peer.objects.filter(host=host).exclude(knows_us_as="").update(knows_us_as=""):
        release(host)


def release(host: str) -> None:
    """What is held for that house is looked at soon."""
    for cached in REMEMBERED:
        cached.cache_clear()
        transaction.on_commit(cached.cache_clear)  # what another thread read meanwhile
    Delivery.objects.filter(host=host, state="waiting", due_at__gt=now() + SOON).update(due_at=now() + SOON)


def held(row: Delivery) -> dict[str, str]:
    """Stays here until the house knows us by the name that says it, and does not take it for a stranger's. Held.

    So do the letters by which our people say that they go by their present ids: told sooner, they would be lost.
    """
    if row.host in unheard():
        said, sender = row.dispatch.document, row.dispatch.sender_uri
        present = names.origin_of(sender) == settings.ORIGIN
        if present or (said.get("type") == "Move" and not sender.endswith("/ap/instance")):
            raise Held("it has not heard that we go by another name", after=AGAIN)
    return {}


def coming_along(author_uri: str) -> set[str]:
    """The houses where some who followed this author of ours by a former name may be about to by the present one."""
    if not settings.FORMER_HOSTS:
        return set()
    rows = Follow.objects.filter(followed__uri=author_uri, followed__local=True, state="accepted").exclude(under="")
    hosts, long_ago = set(rows.values_list("follower__host", flat=True)), now() - COMING_ALONG
    house = Actor.objects.filter(uri=ids.instance_actor_uri()).first()
    if house is None or ids.moment_of(house.ulid) > long_ago:
        return hosts
    lately = Follow.objects.filter(followed=house, state="accepted", state_since__gt=long_ago)
    return hosts & {*unheard(), *lately.values_list("follower__host", flat=True)}
