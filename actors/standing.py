"""How someone stands towards others: follows, mutes, blocks, notes, for many people in a few queries."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.timezone import now

from actors.models import Actor, Block, Endorsement, Follow, Mute, Remark


@dataclass
class Standing:
    """Of a viewer towards one person. Whether that person blocked the viewer is not told."""

    following: bool = False
    showing_reblogs: bool = False
    notifying: bool = False
    followed_by: bool = False
    requested: bool = False
    requested_by: bool = False
    blocking: bool = False
    muting: bool = False
    muting_notifications: bool = False
    muted_until: datetime | None = None
    endorsed: bool = False
    note: str = ""


def relationships(viewer: Actor, actors: Collection[Actor]) -> dict[int, Standing]:
    """By primary key, in five queries whatever their number."""
    pks = [each.pk for each in actors]
    found = {pk: Standing() for pk in pks}
    follows(viewer, pks, found)
    for pk in Block.objects.filter(actor=viewer, target__among=pks).values_list("target_id", flat=True):
        found[pk].blocking = True
    mutes = Mute.objects.filter(Q(until=None) | Q(until__gt=now()), actor=viewer, target__among=pks)
    for pk, notifications, until in mutes.values_list("target_id", "notifications", "until"):
        found[pk].muting, found[pk].muting_notifications, found[pk].muted_until = True, notifications, until
    for pk, words in Remark.objects.filter(actor=viewer, target__among=pks).values_list("target_id", "words"):
        found[pk].note = words
    for pk in Endorsement.objects.filter(actor=viewer, target__among=pks).values_list("target_id", flat=True):
        found[pk].endorsed = found[pk].following
    return found


def follows(viewer: Actor, pks: list[int], found: dict[int, Standing]) -> None:
    """Both ways, those that wait for an answer too."""
    between = Q(follower=viewer, followed__among=pks) | Q(followed=viewer, follower__among=pks)
    for row in Follow.objects.filter(between, state__in=["asked", "accepted"]):
        if row.follower_id == viewer.pk and row.followed_id in found:
            of = found[row.followed_id]
            of.following, of.requested = row.state == "accepted", row.state == "asked"
            of.showing_reblogs, of.notifying = row.boosts, row.notify
        if row.followed_id == viewer.pk and row.follower_id in found:
            of = found[row.follower_id]
            of.followed_by, of.requested_by = row.state == "accepted", row.state == "asked"
