"""What is put in the database of an instance before it is measured; runs in the instance's own shell."""

from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils.timezone import now

from actors import directory
from actors.models import Actor, Follow
from federation import delivery, ids
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


def fans(author_name: str, hosts: list[str], count: int) -> None:
    """Followers of an agent of ours, spread over hosts that only receive."""
    author = Actor.objects.get(local=True, name=author_name)
    Peer.objects.bulk_create(
        [Peer(host=host, state="active", learned_at=now(), learn_at=in_a_year()) for host in hosts]
    )
    people = [fan(hosts[number % len(hosts)], number) for number in range(count)]
    Actor.objects.bulk_create(people, batch_size=500)
    follows = [Follow(follower=each, followed=author, uri=f"{each.uri}/follows/1", state="accepted") for each in people]
    Follow.objects.bulk_create(follows, batch_size=500)


def fan(host: str, number: int) -> Actor:
    uri = f"https://{host}/users/{number}"
    handle = f"fan{number}"
    return Actor(uri=uri, kind="Person", handle=handle, host=host, domain=host, name=handle, inbox=f"{uri}/inbox")


def share_inboxes(*, shared: bool) -> None:
    """Whether the followers' houses offer a shared inbox."""
    fans = Actor.objects.filter(handle__startswith="fan", local=False)
    fans.update(shared_inbox=Concat(Value("https://"), F("host"), Value("/inbox")) if shared else "")


def owe(author_name: str, count: int) -> None:
    """Letters to followers that have not left yet."""
    author = Actor.objects.get(local=True, name=author_name)
    inboxes = list(Actor.objects.filter(handle__startswith="fan", local=False).values_list("inbox", flat=True))
    for done in range(0, count, len(inboxes)):
        name = ids.new_ulid()
        post = ids.object_uri(name)
        body = {"id": post, "type": "Note", "attributedTo": author.uri, "content": "<p>bonjour à tous</p>" * 20}
        letter = {"id": ids.activity_uri(name), "type": "Create", "actor": author.uri, "object": body}
        delivery.send(letter, inboxes[: count - done], author.uri)
