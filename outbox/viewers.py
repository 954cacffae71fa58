"""Who reads: what the audiences ask about a viewer, ours or of another house, as a condition on posts."""

from django.db.models import Exists, OuterRef, Q

from actors import former_names
from actors.models import Actor, Follow
from federation import peers
from federation.models import Peer
from outbox.models import Post

NOBODY = Q(pk__in=[])


def is_house(viewer: Actor) -> bool:
    """A partner's instance actor reads for all of its agents; whoever merely calls itself an application does not."""
    applies = viewer.kind == "Application" and not viewer.local
    return applies and Peer.objects.filter(host=viewer.host, instance_actor_uri=viewer.uri).exists()


def people(of: str, viewer: Actor) -> Q:
    """The viewer, or all of its house; with what they were called before, elsewhere than here: they are the same."""
    if viewer.local:
        return Q(**{of: viewer})
    if is_house(viewer):
        return Q(**{f"{of}__host__in": former_names.hosts(viewer.host)})
    return Q(**{f"{of}__in": former_names.selves(viewer)})


def named_to(viewer: Actor) -> Q:
    return Q(Exists(Post.named.through.objects.filter(people("actor", viewer), post=OuterRef("pk"))))


def followed_by(viewer: Actor) -> Q:
    return Q(Exists(Follow.objects.filter(people("follower", viewer), state="accepted", followed=OuterRef("author"))))


def in_service_of(viewer: Actor) -> Q:
    return Q(service=viewer.service_id) if viewer.local and viewer.service_id else NOBODY


def in_house_of(viewer: Actor) -> Q:
    return Q(local=True) if viewer.local else NOBODY


def in_network_of(viewer: Actor) -> Q:
    if viewer.local:
        return Q()
    return Q(local=True) if peers.partners().filter(host=viewer.host).exists() else NOBODY


def in_chosen_house_of(viewer: Actor) -> Q:
    if viewer.local:
        return Q()
    chosen = Post.houses.through.objects.filter(
        peer__in=peers.partners().filter(host__in=former_names.hosts(viewer.host))
    )
    return Q(local=True, pk__in=chosen.values("post_id"))
