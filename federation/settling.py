"""Write down what other houses answered, many answers in a few statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F
from django.utils.timezone import now

from federation import health, signing, tallies, withdrawn
from federation.documents import Answer
from federation.errors import GiveUp, Held, TryLater
from federation.lanes import Outcome
from federation.lined_up import House
from federation.models import PATIENCE, Delivery, Dispatch, Peer

log = structlog.get_logger()
ABOUT_THE_LETTER = (401, 403, 408, 425)  # keys rotate and lists change while a letter is on its way
TAKEN, AGAIN, HOUSE, NEVER, HELD = "taken", "again", "house", "never", "held"
NOT_YET = (AGAIN, HOUSE, HELD)


@dataclass(frozen=True)
class Told:
    """What became of a row; `way` is how its letter was signed."""

    row: Delivery
    house: House
    outcome: Outcome
    way: str = ""

    @property
    def note(self) -> str:
        return str(self.outcome.status if isinstance(self.outcome, Answer) else self.outcome)[:200]

    @property
    def verdict(self) -> str:
        if not isinstance(self.outcome, Answer):
            return {GiveUp: NEVER, Held: HELD, TryLater: HOUSE}.get(type(self.outcome), AGAIN)
        if 200 <= self.outcome.status < 300:
            return TAKEN
        if self.outcome.status in ABOUT_THE_LETTER:
            return AGAIN
        return HOUSE if self.outcome.status >= 500 or self.outcome.status == 429 else NEVER

    @property
    def asked(self) -> float:
        """Seconds, of their Retry-After."""
        return (
            health.seconds_asked(self.outcome.headers.get("retry-after", "")) if isinstance(self.outcome, Answer) else 0
        )


def settle(all_told: Sequence[Told]) -> None:
    """Taken, to be tried again, refused for good; and how the houses fare. A row that is settled already stays so."""
    by = defaultdict[str, list[Told]](list)
    for each in all_told:
        by[each.verdict].append(each)
    answering = {each.house.host for each in by[TAKEN]}
    with transaction.atomic():
        step_all("sent", by[TAKEN])
        if answering and Peer.objects.filter(host__among=answering, failures__gt=0).exists():
            health.revive(answering)
        down = fallen(by[HOUSE], answering)
        leave_withdrawn(by)
        release(by[HELD])
        postpone([*by[AGAIN], *by[HOUSE]], down)
        give_up(by[NEVER])
        signing.remember({each.house.host: each.way for each in by[TAKEN] if learned(each)})
    if counts := {f"attempts:{verdict}": len(by[verdict]) for verdict in (TAKEN, AGAIN, HOUSE, NEVER) if by[verdict]}:
        tallies.add(counts)
    # Once others can see what was sent, as we see theirs.
    withdrawn.forget_texts({each.row.dispatch_id for each in by[TAKEN]})


def leave_withdrawn(by: dict[str, list[Told]]) -> None:
    """What was not taken, and was withdrawn meanwhile, is not among what is tried again."""
    again = [each.row for verdict in NOT_YET for each in by[verdict]]
    over = withdrawn.drop(again) if again else set()
    for verdict in NOT_YET if over else ():
        by[verdict] = [each for each in by[verdict] if each.row.pk not in over]


def learned(each: Told) -> bool:
    return bool(each.way) and each.way != signing.ways(each.house.way)[0]


def step_all(to: str, settled: Iterable[Told]) -> None:
    """One statement for each different answer."""
    by_answer = defaultdict[str, list[int]](list)
    for each in settled:
        by_answer[each.note].append(each.row.pk)
    for answer, rows in by_answer.items():
        changes = {"answer": answer, "attempts": F("attempts") + 1, "leased_until": None}
        Delivery.step_all(Delivery.objects.filter(pk__among=rows), "waiting", to, **changes)


def release(held: Iterable[Told]) -> None:
    """Back among what waits, as if they had not been taken; what the list refuses is not asked about all the time."""
    by_pause = defaultdict[float, list[int]](list)
    for each in held:
        by_pause[each.outcome.after if isinstance(each.outcome, Held) else 0].append(each.row.pk)
    for pause, rows in by_pause.items():
        changes = {"due_at": now() + timedelta(seconds=pause)} if pause else {}
        Delivery.objects.filter(pk__among=rows, state="waiting").update(leased_until=None, **changes)


def fallen(failed: Iterable[Told], answering: Collection[str]) -> dict[str, Peer]:
    """The houses that did not answer, one step down. One that took other letters meanwhile is not down."""
    seen: dict[str, tuple[int, float]] = {}
    for each in failed:
        if each.house.host not in answering or each.asked:
            _, asked = seen.get(each.house.host, (0, 0))
            seen[each.house.host] = (each.house.failures, max(asked, each.asked))
    return health.fail(seen) if seen else {}


def postpone(failed: Iterable[Told], houses: Mapping[str, Peer]) -> None:
    """To be tried again: for ever when the house is down, for a week when it is the letter that they do not take."""
    later, hopeless = [], []
    for each in failed:
        if each.verdict == AGAIN and out_of_patience(each.row):
            hopeless.append(each)
        else:
            row = each.row
            row.attempts, row.answer, row.leased_until = row.attempts + 1, each.note, None
            row.due_at = next_try(row, houses.get(row.host))
            later.append(row)
    Delivery.objects.filter(state="waiting").bulk_update(later, ["attempts", "answer", "due_at", "leased_until"])
    give_up(hopeless)


def out_of_patience(row: Delivery) -> bool:
    """Time spent behind a house that was down does not count alone: a letter has its tries."""
    return now() - row.state_since > PATIENCE and row.attempts >= len(health.MINUTES)


def next_try(row: Delivery, house: Peer | None) -> datetime:
    """With its house, unless it has failed more often than the house did in a row: then it is the letter."""
    if house and house.try_at and row.attempts <= house.failures:
        return house.try_at
    return health.next_try(row.attempts - 1)


def give_up(refused: Sequence[Told]) -> None:
    step_all("abandoned", refused)
    dispatches = Dispatch.objects.filter(pk__among={each.row.dispatch_id for each in refused})
    activities = dict(dispatches.values_list("pk", "activity_uri"))
    for each in refused:
        say = log.error if each.verdict == AGAIN else log.warning
        say("delivery.abandoned", activity=activities[each.row.dispatch_id], host=each.row.host, answer=each.note)
