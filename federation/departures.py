"""Which letters leave next: house by house, the most urgent first, none before older news of the same thing."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import now

from federation import withdrawn
from federation.lined_up import HAND, House, due, ready
from federation.models import Delivery, Dispatch, Peer

LEASE = timedelta(seconds=60)
FEW = 4  # letters to one house that are taken at a time at first; at most a HAND
FAIR = 4  # one place of so many goes to what has waited longest, however urgent the rest


def take(
    room: int, in_hand: Mapping[str, int], allowed: Mapping[str, int]
) -> tuple[list[tuple[Delivery, House]], bool]:
    """Lease at most `room` rows, and tell whether more are due: nobody else takes them until the lease ends.

    Of each house, at most what it is `allowed` (else FEW) beyond what is `in_hand` of it.
    """
    full = [host for host, number in in_hand.items() if number >= allowed.get(host, FEW)]
    houses = {house.host: house for house in ready(full)}
    places = {host: room_of(house, in_hand.get(host, 0), allowed.get(host, FEW)) for host, house in houses.items()}
    numbers = choose(room, houses.values(), places)
    if not numbers:
        return [], bool(full)
    taken, moved = lease(numbers, houses, places)
    if moved and not taken:  # their elders are next
        return take(room, in_hand, allowed)
    seen = [len(house.following) for house in houses.values()]
    return [(row, houses[row.host]) for row in taken], bool(full) or sum(seen) > len(taken) or HAND in seen


@transaction.atomic
def lease(
    numbers: Collection[int], houses: Mapping[str, House], places: Mapping[str, int]
) -> tuple[list[Delivery], bool]:
    """Those of these rows that are still free and not behind older news, as many of each house as it has places.

    And whether some were put behind their elders.
    """
    rows = still_wanted(lock(numbers))
    moments = behind(rows)
    free = [row for row in rows if row.pk not in moments]
    taken, left = [], dict(places)
    for row in sorted(free, key=lambda row: row.pk != houses[row.host].oldest):
        if left[row.host]:
            left[row.host] -= 1
            taken.append(row)
    until = now() + LEASE
    Delivery.objects.filter(pk__among=[row.pk for row in taken]).update(leased_until=until)
    if probes := {row.host for row in taken if houses[row.host].failures}:
        Peer.objects.filter(host__among=probes).update(try_at=until)  # one letter at a time
    return sorted(taken, key=lambda row: (row.urgency, row.pk)), wait_for_older(rows, moments)


def room_of(house: House, in_hand: int, allowed: int) -> int:
    """A house that was down gets one letter, to see whether it answers."""
    return max(0, (1 if house.failures else allowed) - in_hand)


def choose(room: int, houses: Iterable[House], places: Mapping[str, int]) -> list[int]:
    """Numbers of rows: the most urgent, house by house, but for some places that go to what has waited longest."""
    urgent = sorted(
        (urgency, rank, number, house.host)
        for house in houses
        for rank, (urgency, number) in enumerate(house.following)
    )
    patient = sorted((-1, 0, house.oldest, house.host) for house in houses if house.oldest)
    chosen, of_each = dict[int, None](), Counter[tuple[str, int]]()
    for limit, candidates in ((room - room // FAIR, urgent), (room, patient), (room, urgent)):
        for urgency, _, number, host in candidates:
            if len(chosen) < limit and of_each[host, urgency] < places[host] and number not in chosen:
                chosen[number] = None
                of_each[host, urgency] += 1
    return list(chosen)


def lock(numbers: Collection[int]) -> list[Delivery]:
    """These rows, without those that somebody else took in between. SQLite, with one writer at a time, locks none."""
    rows = due().filter(pk__among=numbers).select_related("dispatch").defer("dispatch__document")
    return list(rows.order_by("urgency", "pk").select_for_update(skip_locked=True, of=("self",)))


def still_wanted(rows: Collection[Delivery]) -> Collection[Delivery]:
    """Without what was withdrawn while a worker had it that is no more."""
    left = [row for row in rows if row.leased_until]
    over = withdrawn.drop(left) if left else set()
    return [row for row in rows if row.pk not in over] if over else rows


def behind(rows: Collection[Delivery]) -> dict[int, datetime]:
    """Of rows that must wait for older news of the same thing to the same house: when the last of those are due.

    Step by step, because no planner guesses how few the news of one thing are.
    """
    dispatches, things = defaultdict[str, list[int]](list), {row.dispatch.object_uri for row in rows}
    untold = Dispatch.objects.filter(object_uri__among=things).exclude(document={})  # see withdrawn.forget_texts
    for number, thing in untold.values_list("pk", "object_uri"):
        dispatches[thing].append(number)
    elders = {row.pk: [each for each in dispatches[row.dispatch.object_uri] if each < row.dispatch_id] for row in rows}
    due_at = due_moments({each for several in elders.values() for each in several}, {row.host for row in rows})
    moments = {
        row.pk: [due_at[each, row.host] for each in elders[row.pk] if (each, row.host) in due_at] for row in rows
    }
    return {number: max(several) for number, several in moments.items() if several}


def due_moments(dispatches: Collection[int], hosts: Collection[str]) -> dict[tuple[int, str], datetime]:
    """When what waits of these is due, by dispatch and host."""
    waiting = Delivery.objects.filter(dispatch__among=dispatches, host__among=hosts, state="waiting")
    return {(each, host): moment for each, host, moment in waiting.values_list("dispatch", "host", "due_at")}


def wait_for_older(rows: Iterable[Delivery], moments: Mapping[int, datetime]) -> bool:
    """News whose elders are due later are due with them, after them; whether there were any."""
    later = [row for row in rows if row.pk in moments and moments[row.pk] > row.due_at]
    for row in later:
        row.due_at = moments[row.pk]
    Delivery.objects.filter(state="waiting").bulk_update(later, ["due_at"])
    return bool(later)
