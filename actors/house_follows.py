"""The instance actors of two partners follow each other: each so knows that, and by which name, it is on a list."""

from actors import arrivals, follow_arrivals, following, own_names, partnerships
from actors.models import Actor
from federation import names
from federation.errors import Ignored
from federation.models import Peer


def follow(peer: Peer) -> None:
    """Our instance actor follows theirs."""
    house = partnerships.house_of(peer)
    if house is not None:
        following.ask(arrivals.instance_actor(), house)


def followed(house: Actor, ours: Actor, uri: str) -> None:
    """Theirs follows ours, or what that was called: accepted of a partner, and returned. Ignored of anybody else."""
    peer = Peer.objects.filter(host=house.host, state="active", instance_actor_uri=house.uri).first()
    if peer is None:
        raise Ignored("only a partner's instance actor follows ours")
    following.accept(follow_arrivals.arrived(house, ours, uri, names.former_host(ours.uri)))
    if ours == arrivals.instance_actor():
        own_names.heard(house.host)
        follow(peer)
