"""Who may read a post, who must receive it, how that is written on the envelope and read back.

Nothing here widens.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from actors import directory, following, former_names
from actors.models import Actor
from federation import ids, peers
from federation.models import Peer
from federation.vocabulary import AUTHENTICATED_AGENT, PUBLIC, PUBLIC_NAMES, addressed
from outbox import viewers
from outbox.models import Post

Address = tuple[list[str], list[str]]


@dataclass(frozen=True)
class Acquaintances:
    """What reading an address takes: the partners' followers by host, authors whom we follow, people of ours."""

    house_followers: Mapping[str, str]
    heard: Set[int]
    ours: Set[str]


@dataclass(frozen=True)
class Audience:
    """One declaration: all that a kind of audience means."""

    code: str
    readable: Callable[[Actor], Q]
    inboxes: Callable[[Post], set[str]]
    address: Callable[[Post], Address]
    recognised: Callable[[set[str], Actor, Acquaintances], bool]
    leaves: bool = True
    shareable: bool = False


def inboxes_of(people: QuerySet[Actor]) -> set[str]:
    """One letter a house: the shared inbox when there is one."""
    rows = people.filter(local=False, gone_at=None).values_list("shared_inbox", "inbox")
    return {shared or own for shared, own in rows}


def to_named(post: Post) -> set[str]:
    return inboxes_of(post.named.all())


def to_followers(post: Post) -> set[str]:
    return inboxes_of(following.followers_in_sight(post.author)) | to_named(post)


def to_partners(post: Post) -> set[str]:
    return set(former_names.partners().exclude(shared_inbox="").values_list("shared_inbox", flat=True))


def to_chosen(post: Post) -> set[str]:
    return set(post.houses.filter(state="active", speaks_preau=True).values_list("shared_inbox", flat=True))


def names(post: Post) -> list[str]:
    return list(post.named.values_list("uri", flat=True))


def our_followers() -> str:
    return f"{ids.instance_actor_uri()}/followers"


def names_our_followers(address: set[str], author: Actor, known: Acquaintances) -> bool:
    return bool(author.followers_uri) and author.followers_uri in address and author.pk in known.heard


AUDIENCES = {
    each.code: each
    for each in (
        Audience(
            "public",
            readable=lambda viewer: Q(),
            inboxes=lambda post: to_followers(post) | to_partners(post),
            address=lambda post: ([PUBLIC], [post.author.followers_uri, *names(post)]),
            recognised=lambda address, author, known: bool(address & PUBLIC_NAMES),
            shareable=True,
        ),
        Audience(
            "partners",
            readable=viewers.in_network_of,
            inboxes=to_partners,
            address=lambda post: ([our_followers()], names(post)),
            recognised=lambda address, author, known: bool(
                address & ({known.house_followers.get(author.host, ""), AUTHENTICATED_AGENT} - {""})
            ),
        ),
        Audience(
            "chosen_partners",
            readable=viewers.in_chosen_house_of,
            inboxes=to_chosen,
            address=lambda post: (list(post.houses.values_list("instance_actor_uri", flat=True)), names(post)),
            recognised=lambda address, author, known: ids.instance_actor_uri() in address,
        ),
        Audience(
            "followers",
            readable=lambda viewer: viewers.followed_by(viewer) | viewers.named_to(viewer),
            inboxes=to_followers,
            address=lambda post: ([post.author.followers_uri], names(post)),
            recognised=names_our_followers,
        ),
        Audience(
            "named",
            readable=viewers.named_to,
            inboxes=to_named,
            address=lambda post: (names(post), []),
            recognised=lambda address, author, known: bool(address & known.ours),
        ),
        Audience(
            "organisation",
            readable=viewers.in_house_of,
            inboxes=lambda post: set(),
            address=lambda post: ([], []),
            recognised=lambda address, author, known: False,
            leaves=False,
            shareable=True,
        ),
        Audience(
            "service",
            readable=viewers.in_service_of,
            inboxes=lambda post: set(),
            address=lambda post: ([], []),
            recognised=lambda address, author, known: False,
            leaves=False,
        ),
    )
}


def readable_by(viewer: Actor) -> Q:
    """The posts that `viewer` may read: her own, and those of each audience that includes her."""
    readable = Q(author=viewer)
    for audience in AUDIENCES.values():
        readable |= Q(audience=audience.code) & audience.readable(viewer)
    return readable


def inboxes(post: Post) -> set[str]:
    return AUDIENCES[post.audience].inboxes(post)


def address(post: Post) -> Address:
    return AUDIENCES[post.audience].address(post)


def read_address(document: dict[str, Any], author: Actor, known: Acquaintances) -> str | None:
    """The audience that an envelope from elsewhere names, or None when it is not for us."""
    found = addressed(document)
    for audience in AUDIENCES.values():
        if audience.recognised(found, author, known):
            return audience.code
    return None


@dataclass(frozen=True)
class Reach:
    """To whom a new post goes: an audience, with the houses, people or service that it needs."""

    audience: str
    houses: tuple[Peer, ...] = ()
    named: tuple[Actor, ...] = ()
    service: Actor | None = None


def of_reply(parent: Post, replier: Actor) -> Reach:
    """A reply goes to those who read what it answers, as far as the replier knows them; never further."""
    if parent.author_id == replier.pk:
        return Reach(parent.audience, tuple(parent.houses.all()), tuple(parent.named.all()), parent.service)
    if parent.local and parent.audience in ("organisation", "partners", "public"):
        return Reach(parent.audience)
    if parent.audience == "service":
        return Reach("service", service=parent.service)
    if parent.audience in ("partners", "public", "chosen_partners") and (houses := common_houses(parent)):
        return Reach("chosen_partners", houses=tuple(houses))
    return Reach("named", named=tuple(people_of(parent, replier)))


def reaches(reach: Reach, person: Actor) -> bool:
    """Whether someone whom the text names will read it; for the audiences that are not here, being named is enough."""
    if reach.audience == "service":
        return person.local and person.service == reach.service
    if reach.audience == "organisation":
        return person.local
    if reach.audience == "chosen_partners":
        return person.local or person.host in {house.host for house in reach.houses}
    if reach.audience == "partners":
        return person.local or peers.partners().filter(host=person.host).exists()
    return True


def common_houses(parent: Post) -> list[Peer]:
    """Our partners among the houses that were sent the parent: the author's own, and those it was chosen for."""
    if parent.local or parent.audience == "chosen_partners":
        hosts = set(parent.houses.values_list("host", flat=True))
    else:
        hosts = {host for peer in Peer.objects.filter(host=parent.author.host) for host in peer.partner_hosts}
    return list(peers.partners().filter(host__in=hosts | {parent.author.host}))


def people_of(parent: Post, replier: Actor) -> list[Actor]:
    """Those who read it for being named, but for whoever the replier keeps away from (row 90)."""
    named = parent.named.filter(directory.on_the_list()).exclude(pk__in=following.kept_apart(replier))
    people = {parent.author, *named} - {replier}
    return sorted(people, key=lambda actor: actor.pk)
