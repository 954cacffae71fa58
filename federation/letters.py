"""From rows to letters: each text is written once, each key looked up once, whatever the number of inboxes."""

from collections.abc import Callable, Iterable, Iterator

import orjson

from federation import keys
from federation.errors import GiveUp, Undelivered
from federation.lanes import Letter
from federation.lined_up import TALK, House
from federation.models import Delivery, Dispatch, Key

# Rooms above add functions here, called with each row whose letter is made (`row.dispatch`, `row.host`): headers to
# sign and send with it, by their lower-case names; or they say by an Undelivered why it does not leave. They must cost
# nothing when they have nothing to say.
EXTRA_HEADERS: list[Callable[[Delivery], dict[str, str]]] = []


def of_rows(taken: Iterable[tuple[Delivery, House]]) -> Iterator[tuple[Delivery, House, Letter | Undelivered]]:
    """Each row with its letter, or with the reason why none can be made, now or any more."""
    taken = list(taken)
    dispatches = Dispatch.objects.in_bulk({row.dispatch_id for row, _ in taken})
    signers = keys_of({dispatch.sender_uri for dispatch in dispatches.values()})
    bodies = {pk: orjson.dumps(dispatch.document) for pk, dispatch in dispatches.items()}
    for row, house in taken:
        row.dispatch = dispatches[row.dispatch_id]
        key = signers.get(row.dispatch.sender_uri)
        if not row.dispatch.document:
            yield row, house, GiveUp("what it told was withdrawn")
        elif key is None:
            yield row, house, GiveUp("the sender has no key any more")
        else:
            try:
                more = {name: value for headers in EXTRA_HEADERS for name, value in headers(row).items()}
            except Undelivered as reason:
                yield row, house, reason
                continue
            talk = row.urgency == TALK
            yield row, house, Letter(row.pk, row.inbox, bodies[row.dispatch_id], key, more, house.way, talk)


def keys_of(senders: Iterable[str]) -> dict[str, Key]:
    """The key that each signs with, opened here: on the event loop that would keep others waiting."""
    found = Key.objects.filter(owner_uri__among=senders, retired_at=None).exclude(sealed_private="").order_by("-pk")
    signers = {key.owner_uri: key for key in found}
    for key in signers.values():
        keys.private(key)
    return signers
