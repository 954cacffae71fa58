"""Names of houses that changed: what a partner announced, and which former names our admins confirmed (decision 22)."""

from django.db.models import QuerySet

from actors.exchanges import Exchange
from actors.models import Actor
from federation import peers
from federation.models import Peer

MOVE = "move"


def announced() -> dict[Peer, str]:
    """The host that each partner says it goes by now, while nobody here has decided about that host."""
    said = Exchange.objects.filter(verb=MOVE, ours=False, peer__state="active").select_related("peer").order_by("pk")
    newest = {each.peer: each.words for each in said}
    known = set(
        Peer.objects.exclude(state="guest").filter(host__among=set(newest.values())).values_list("host", flat=True)
    )
    return {peer: host for peer, host in newest.items() if host not in known}


def newer(peer: Peer) -> Peer | None:
    """The house that went by this name, as an admin confirmed, while it is a partner or suspended."""
    said = Exchange.objects.filter(verb=MOVE, ours=True, words=peer.host, peer__state__in=["active", "suspended"])
    found = said.select_related("peer").order_by("-pk").first()
    return found.peer if found else None


def became(former: str, host: str) -> bool:
    """Whether the house at `host` is the one that went by the `former` name, as an admin confirmed."""
    peer = Peer.objects.filter(host=host).first()
    return peer is not None and confirmed(peer).filter(host=former).exists()


def hosts(host: str) -> list[str]:
    """Of a house: its name, the former ones that our admins confirmed, and those before them."""
    found, newer = {host}, {host}
    while newer:
        said = Exchange.objects.filter(peer__host__among=newer, verb=MOVE, ours=True).values_list("words", flat=True)
        newer = set(said) - found
        found |= newer
    return sorted(found)


def selves(actor: Actor) -> list[int]:
    """The primary keys of someone elsewhere, and of what she was called in her own house by a confirmed former name."""
    if not actor.also_known_as:
        return [actor.pk]
    before = Actor.objects.filter(uri__in=actor.also_known_as, moved_to=actor.uri, host__in=hosts(actor.host))
    return [actor.pk, *before.values_list("pk", flat=True)]


def partners() -> QuerySet[Peer]:
    """Our partners, each once: by the name that it has now."""
    return peers.partners().exclude(host__in=former())


def former() -> QuerySet[Exchange, str]:
    """All former names that were confirmed, for use within a query."""
    return Exchange.objects.filter(verb=MOVE, ours=True).values_list("words", flat=True)


def confirmed(peer: Peer) -> QuerySet[Peer]:
    """The former names of this house. They are open as long as it is, and no longer."""
    return Peer.objects.filter(host__among=hosts(peer.host)).exclude(host=peer.host).order_by("pk")
