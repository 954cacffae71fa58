"""What the votes of polls came to is told to other houses a moment after they were cast; the end, to whoever voted."""

from django.db import transaction

from federation import hallway
from inbox import notifications
from outbox import polls

AT_A_TIME = 50


@hallway.drain("polls")
def tell_due() -> int:
    """Each poll in a transaction of its own; how many were told of."""
    told = 0
    if not polls.are_due():
        return told
    while told < AT_A_TIME and tell_one():
        told += 1
    return told


@transaction.atomic
def tell_one() -> bool:
    poll = polls.due()
    if poll is None:
        return False
    if polls.tell(poll):
        notifications.tell_of_end(poll, polls.voters_here(poll))
    return True
