"""Someone answers no to our request to follow, or takes back a yes."""

from typing import Any

from actors import follow_arrivals
from actors.models import Actor


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    follow_arrivals.answered(actor, activity["object"], "refused")
