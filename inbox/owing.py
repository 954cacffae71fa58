"""Which devices ring of what has just been told, and from when on."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils.timezone import now

from actors.models import Follow
from federation import hallway
from inbox import push_words, quiet
from inbox.models import Notification, Push, PushSubscription

Owed = tuple[PushSubscription, Notification]
Key = tuple[int, int, str, int | None, datetime]


def owe(told: Sequence[Notification]) -> None:
    """A ring for each device that wants it, now or after the quiet hours of its reader.

    `told` were asked to be written: those that were not, since they had been told before, do not ring again.
    """
    devices = defaultdict(list)
    for device in live().filter(reader__among={each.reader_id for each in told}).exclude(policy="none"):
        devices[device.reader_id].append(device)
    if not devices:
        return
    news = really_written([each for each in told if each.reader_id in devices])
    pairs = [(device, each) for each in news for device in devices[each.reader_id] if wants(device, each)]
    write(within_policy(pairs))


def live() -> QuerySet[PushSubscription]:
    """Devices whose token still opens the house. One that is revoked is deleted, and its device with it."""
    alive = Q(token__expires__gt=now(), token__user__is_active=True, token__user__actor=F("reader"))
    active = Q(reader__suspended_at=None, reader__gone_at=None)
    return PushSubscription.objects.filter(alive, active).select_related("reader__agent")


def really_written(told: Sequence[Notification]) -> list[Notification]:
    """The rows of these that are there since now, by the very moment that they bear; none that a policy set apart.

    What `bulk_create` left out because it was there before gives no sign: such a row bears another moment.
    """
    if not told:
        return []
    moments = [each.created_at for each in told]
    rows = Notification.objects.filter(
        reader__among={each.reader_id for each in told},
        created_at__gte=min(moments),
        created_at__lte=max(moments),
        filtered=False,
    )
    asked = {key_of(each) for each in told}
    return [row for row in rows if key_of(row) in asked]


def key_of(row: Notification) -> Key:
    return row.reader_id, row.actor_id, row.reason, row.post_id, row.created_at


def wants(device: PushSubscription, told: Notification) -> bool:
    return device.alerts.get(push_words.type_of(told.reason)) is True


def within_policy(pairs: Sequence[Owed]) -> list[Owed]:
    """Without what comes from others than those of whom a device rings."""
    asked = {tie for device, told in pairs if (tie := tie_of(device, told))}
    people = {one for tie in asked for one in tie}
    follows = Follow.objects.filter(follower__among=people, followed__among=people, state="accepted")
    there = set(follows.values_list("follower_id", "followed_id")) if asked else set()
    return [(device, told) for device, told in pairs if (tie := tie_of(device, told)) is None or tie in there]


def tie_of(device: PushSubscription, told: Notification) -> tuple[int, int] | None:
    """Who must follow whom for this device to ring."""
    if device.policy == "followed":
        return told.reader_id, told.actor_id
    return (told.actor_id, told.reader_id) if device.policy == "follower" else None


def write(pairs: Iterable[Owed]) -> None:
    house, at = quiet.of_house(), now()
    rows = [
        Push(
            subscription=device,
            notification=told,
            due_at=quiet.next_allowed(at, quiet.of(device.reader.agent, house)),
        )
        for device, told in pairs
    ]
    Push.objects.bulk_create(rows, ignore_conflicts=True)
    if any(row.due_at <= at for row in rows):
        hallway.wake("push")
