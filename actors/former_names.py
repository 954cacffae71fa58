"""Names of houses that changed: what a partner announced, and which former names our admins confirmed (decision 22)."""

from django.db.models import QuerySet

from actors.exchanges import Exchange
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


def confirmed(peer: Peer) -> QuerySet[Peer]:
    """Former names of this house, and what those went by before. They are open as long as it is, and no longer."""
    found: set[str] = set()
    newer = {peer.host}
    while newer:
        said = Exchange.objects.filter(peer__host__among=newer, verb=MOVE, ours=True).values_list("words", flat=True)
        newer = set(said) - found - {peer.host}
        found |= newer
    return Peer.objects.filter(host__among=found).order_by("pk")
