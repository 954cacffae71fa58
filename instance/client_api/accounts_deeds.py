"""Following, keeping apart, noting, featuring: each deed is answered with how one stands now."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from actors import endorsements, following, remarks
from actors.models import Actor
from instance.client_api import acquaintances
from instance.client_api.door import Call, door
from instance.client_api.entities import relationships
from instance.client_api.routing import at

Deed = Callable[[Call, Actor], None]
YEARS = timedelta(days=3650)


def deed(scope: str, act: Deed) -> Any:
    @door(scope)
    def view(call: Call, pk: int) -> Any:
        person = acquaintances.one(call, pk)
        act(call, person)
        return relationships.relationships(call.me, [person])[0]

    return view


def follow(call: Call, person: Actor) -> None:
    following.ask(call.me, person, boosts=call.flag("reblogs"), notify=call.flag("notify"))


def mute(call: Call, person: Actor) -> None:
    """`duration` is in seconds; none, or zero, is for good."""
    seconds = max(0, call.integer("duration", 0) or 0)
    duration = min(timedelta(seconds=min(seconds, 10**9)), YEARS) if seconds else None
    following.mute(call.me, person, call.flag("notifications", True) is not False, duration)


DEEDS: dict[str, tuple[str, Deed]] = {
    "follow": ("write:follows", follow),
    "unfollow": ("write:follows", lambda call, person: following.leave(call.me, person)),
    "remove_from_followers": ("write:follows", lambda call, person: following.remove_from_followers(call.me, person)),
    "block": ("write:blocks", lambda call, person: following.block(call.me, person)),
    "unblock": ("write:blocks", lambda call, person: following.unblock(call.me, person)),
    "mute": ("write:mutes", mute),
    "unmute": ("write:mutes", lambda call, person: following.unmute(call.me, person)),
    "note": ("write:accounts", lambda call, person: remarks.note(call.me, person, call.text("comment"))),
    "pin": ("write:accounts", lambda call, person: endorsements.endorse(call.me, person)),
    "unpin": ("write:accounts", lambda call, person: endorsements.withdraw(call.me, person)),
    "endorse": ("write:accounts", lambda call, person: endorsements.endorse(call.me, person)),
    "unendorse": ("write:accounts", lambda call, person: endorsements.withdraw(call.me, person)),
}

ROUTES = [at(f"v1/accounts/<id:pk>/{name}", POST=deed(scope, act)) for name, (scope, act) in DEEDS.items()]
