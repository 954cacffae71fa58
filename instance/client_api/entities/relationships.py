"""Relationship: how the agent stands towards others; whether they blocked her is told nobody."""

from collections.abc import Collection
from typing import Any

from actors import following
from actors.following import Standing
from actors.models import Actor
from instance.client_api.entities import dates

Entity = dict[str, Any]


def relationships(viewer: Actor, actors: Collection[Actor]) -> list[Entity]:
    """In their order, by a fixed number of questions."""
    found = following.relationships(viewer, actors)
    return [relationship(each, found[each.pk]) for each in actors]


def relationship(actor: Actor, of: Standing) -> Entity:
    return {
        "id": str(actor.pk),
        "following": of.following,
        "showing_reblogs": of.showing_reblogs and (of.following or of.requested),
        "notifying": of.notifying and (of.following or of.requested),
        "languages": None,
        "followed_by": of.followed_by,
        "blocking": of.blocking,
        "blocked_by": False,
        "muting": of.muting,
        "muting_notifications": of.muting_notifications,
        "muting_expires_at": dates.moment_or_none(of.muted_until),
        "requested": of.requested,
        "requested_by": of.requested_by,
        "domain_blocking": False,
        "endorsed": of.endorsed,
        "note": of.note,
    }
