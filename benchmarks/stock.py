"""What is put in the database of an instance before it is measured; runs in the instance's own shell."""

from typing import Any

from django.utils.timezone import now

from actors import directory
from actors.models import Actor, Follow
from federation.models import Peer

LATER = 365 * 24 * 3600


def partners(introductions: list[dict[str, Any]], people: list[str], followers: int) -> None:
    """Partners on the list; their people learned from their houses, each followed by a few agents of ours."""
    Peer.objects.bulk_create([Peer(**each, learned_at=now(), learn_at=in_a_year()) for each in introductions])
    agents = list(Actor.objects.filter(local=True, kind="Person").order_by("pk"))
    follows = []
    for number, uri in enumerate(people):
        writer = directory.find(uri)
        for step in range(followers):
            reader = agents[(number + step * 3) % len(agents)]
            link = f"{reader.uri}/follows/{writer.pk}"
            follows.append(Follow(follower=reader, followed=writer, uri=link, state="accepted"))
    Follow.objects.bulk_create(follows, ignore_conflicts=True)


def in_a_year() -> Any:
    from datetime import timedelta

    return now() + timedelta(seconds=LATER)


def readers() -> list[tuple[str, str]]:
    return [(each.uri, each.address) for each in Actor.objects.filter(local=True, kind="Person").order_by("pk")]
