"""What ends with a partnership: follows between the two houses, and letters that have not left."""

from django.db.models import Q

from actors.models import Follow
from federation.models import Delivery, Peer

AT_ONCE = 500  # rows in one statement
REASON = "the partnership ended"


def part(peer: Peer) -> None:
    """Nobody is told here: the other house hears of it in one letter, and does the same."""
    end_follows(peer.host)
    abandon(peer.host)


def end_follows(host: str) -> None:
    between = Q(follower__local=True, followed__host=host) | Q(followed__local=True, follower__host=host)
    for state in ("asked", "accepted"):
        while rows := list(Follow.objects.filter(between, state=state)[:AT_ONCE]):
            Follow.step_all(rows, "undone")


def abandon(host: str) -> None:
    """What waits for that house goes no more; the rows stay in sight."""
    while rows := list(Delivery.objects.filter(host=host, state="waiting")[:AT_ONCE]):
        Delivery.step_all(rows, "abandoned", answer=REASON, leased_until=None)
