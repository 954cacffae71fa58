"""Someone answers yes to our request to follow."""

from typing import Any

from actors import following
from actors.models import Actor


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    following.answered(actor, activity["object"], "accepted")
