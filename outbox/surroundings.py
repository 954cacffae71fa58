"""What a batch of posts that arrive refers to, learned in five questions whatever their number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from actors.models import Actor, Follow
from federation.models import Peer
from federation.vocabulary import addressed, id_of
from outbox import reading
from outbox.audience import Acquaintances
from outbox.models import Post, Tombstone


@dataclass(frozen=True)
class Surroundings:
    """`posts` by URI: the same posts, if they came before, and those that they answer. `buried`: (URI, author's key).

    `houses`: the keys of the peers whose instance actors are addressed, by the URIs of these.
    """

    posts: dict[str, Post]
    buried: set[tuple[str, int]]
    houses: dict[str, int]
    people: dict[str, Actor]
    known: Acquaintances

    def people_of(self, uris: Iterable[str]) -> list[Actor]:
        """Those of them whom we know; nobody is fetched for being named."""
        return [self.people[uri] for uri in sorted(set(uris)) if uri in self.people]


def look_around(arrivals: Sequence[tuple[Actor, dict[str, Any]]]) -> Surroundings:
    documents = [document for _, document in arrivals]
    authors = {author.pk: author for author, _ in arrivals}
    uris = {id_of(each) for each in documents} - {""}
    answered = {id_of(each.get("inReplyTo")) for each in documents} - {""}
    receivers = {uri for each in documents for uri in addressed(each)}
    people = people_by_uri(receivers.union(*map(reading.mentioned, documents)))
    known = [*Post.objects.filter(uri__among=uris | answered).select_related("author")]
    hosts = {author.host for author in authors.values()}
    houses = peers_of(hosts, receivers)
    heard = Follow.objects.filter(followed__among=authors, follower__local=True, state="accepted")
    return Surroundings(
        posts={post.uri: post for post in known},
        buried=set(Tombstone.objects.filter(uri__among=uris, author__among=authors).values_list("uri", "author_id")),
        houses={peer.instance_actor_uri: peer.pk for peer in houses if peer.instance_actor_uri in receivers},
        people=people,
        known=Acquaintances(
            house_followers={peer.host: peer.followers_uri for peer in houses if peer.speaks_preau},
            heard=frozenset(heard.values_list("followed_id", flat=True).distinct()),
            ours=frozenset(uri for uri, person in people.items() if person.local),
        ),
    )


def people_by_uri(uris: set[str]) -> dict[str, Actor]:
    present = Actor.objects.filter(gone_at=None).exclude(kind="Application")
    return {actor.uri: actor for actor in present.filter(uri__among=uris)}


def peers_of(hosts: set[str], receivers: set[str]) -> list[Peer]:
    """The authors' houses, and those whose instance actors are addressed."""
    return list(Peer.objects.filter(Q(host__among=hosts) | Q(instance_actor_uri__among=receivers - {""})))
