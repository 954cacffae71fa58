"""What ends with a partnership: follows between the two houses, and letters that have not left."""

from django.db.models import Q

from actors.models import Follow
from federation.dead_letters import ENDED
from federation.models import Delivery, Peer


def part(peer: Peer) -> None:
    """Nobody is told here: the other house hears of it in one letter, and does the same."""
    end_follows(peer.host)
    abandon(peer.host)


def end_follows(host: str) -> None:
    between = Q(follower__local=True, followed__host=host) | Q(followed__local=True, follower__host=host)
    for state in ("asked", "accepted", "unsure"):
        Follow.step_all(Follow.objects.filter(between), state, "undone")


def abandon(host: str) -> None:
    """What waits for that house goes no more; the rows stay in sight."""
    Delivery.step_all(Delivery.objects.filter(host=host), "waiting", "abandoned", answer=ENDED, leased_until=None)
