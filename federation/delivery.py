"""Owe a document to some inboxes, then pay.

One row per (activity, inbox), written with what it tells of.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import orjson
import structlog
from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import now

from federation import hallway, http, peers, signatures
from federation.errors import FederationError, GiveUp, TryLater, Undelivered
from federation.http import Answer, Letter
from federation.models import Delivery, Dispatch, Key
from federation.vocabulary import id_of

log = structlog.get_logger()
Document = dict[str, object]
BATCH = 50
TALK, INTERACTIVE, FAN_OUT, BACKFILL = range(4)  # what leaves first
FEW = 5  # inboxes: somebody waits for the answer
ABOUT_THEIR_OBJECT = {"Create", "Update", "Delete", "Undo", "Accept", "Reject"}
LEASE = timedelta(seconds=60)
MINUTES = [1, 5, 15, 60, 180, 360, 720]
PATIENCE = timedelta(days=7)
UP_THE_STAIRS = "inbox.receive_local"


def send(document: Document, inboxes: Iterable[str], sender_uri: str, urgency: int | None = None) -> None:
    """Write what is owed, in the caller's transaction, and wake whoever pays.

    A house with which it is over is owed nothing any more, but what one says to end it, or to begin again (`TALK`).
    """
    owed = {inbox: peers.authority_of(inbox) for inbox in sorted(set(inboxes))}
    over = set() if urgency == TALK else peers.over_among(owed.values())
    owed = {inbox: host for inbox, host in owed.items() if host not in over}
    if not owed:
        return
    columns = {"object_uri": subject_of(document), "sender_uri": sender_uri, "document": document}
    dispatch, _ = Dispatch.objects.get_or_create(activity_uri=str(document["id"]), defaults=columns)
    if urgency is None:
        urgency = INTERACTIVE if len(owed) <= FEW else FAN_OUT
    rows = [
        Delivery(dispatch=dispatch, inbox=inbox, host=host, urgency=urgency, state="waiting")
        for inbox, host in owed.items()
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    hallway.wake("deliveries")


def subject_of(document: Document) -> str:
    """What a letter is news of: letters about the same thing keep their order on their way to the same inbox."""
    if document["type"] in ABOUT_THEIR_OBJECT:
        return id_of(document.get("object")) or str(document["id"])
    return str(document["id"])


@hallway.drain("deliveries", hands=4)
def pay_due() -> int:
    """Take a batch on lease, hand it over, write down each answer as it comes; returns how many rows were taken."""
    rows = take()
    for row, answer in hand_over(rows):
        settle(row, answer)
    return len(rows)


def due() -> QuerySet[Delivery]:
    """Rows whose time has come, none of which overtakes older news of the same object to the same house.

    A house that is being served gets no second visit: were it slow, all who pay would soon wait for its answers.
    """
    free = Q(leased_until=None) | Q(leased_until__lt=now())
    older = Delivery.objects.filter(
        host=OuterRef("host"),
        dispatch__object_uri=OuterRef("dispatch__object_uri"),
        dispatch__lt=OuterRef("dispatch"),
        state="waiting",
    )
    goes = Exists(peers.open_peers().filter(host=OuterRef("host"))) | (
        Q(urgency=TALK) & Exists(peers.in_talks().filter(host=OuterRef("host")))
    )
    here = Q(host=settings.HOST)
    served = Delivery.objects.filter(state="waiting", leased_until__gte=now()).values("host")
    return (
        Delivery.objects.filter(free, state="waiting", due_at__lte=now())
        .filter(~Exists(older), here | (goes & ~Q(host__in=served)))
        .select_related("dispatch")
        .order_by("urgency", "due_at", "pk")
    )


@transaction.atomic
def take() -> list[Delivery]:
    """Lease a batch: nobody else takes these rows until the lease ends, even if we are killed now."""
    rows = due()
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    taken = list(rows[:BATCH])
    Delivery.objects.filter(pk__in=[row.pk for row in taken]).update(leased_until=now() + LEASE)
    return taken


def take_over() -> None:
    """The one worker of an embedded house has just started: whatever is on lease was taken by one that died."""
    Delivery.objects.filter(state="waiting", leased_until__gt=now()).update(leased_until=now())


def hand_over(rows: Sequence[Delivery]) -> Iterator[tuple[Delivery, Answer | FederationError]]:
    """To a colleague of the house, up the stairs; to neighbours by signed POST, each outcome as soon as it is known."""
    leaving: list[Delivery] = []
    letters: list[Letter] = []
    for row in rows:
        try:
            if row.host == settings.HOST:
                current_app.tasks[UP_THE_STAIRS](row.dispatch.document)
                yield row, Answer(202, {}, b"", row.inbox)
            else:
                letters.append(letter(row))
                leaving.append(row)
        except FederationError as error:
            yield row, error
    for place, answer in http.post_each(letters):
        yield leaving[place], answer


def letter(row: Delivery) -> Letter:
    key = Key.objects.filter(owner_uri=row.dispatch.sender_uri, retired_at=None).exclude(sealed_private="").first()
    if key is None:
        raise GiveUp("the sender has no key any more")
    body = orjson.dumps(row.dispatch.document)
    headers = signatures.sign("POST", row.inbox, body, key)
    return Letter(row.inbox, body, headers, talk=row.urgency == TALK)


def settle(row: Delivery, answer: Answer | FederationError) -> None:
    """Write what the other house answered: taken, to be tried again, or refused for good."""
    failure = failure_of(answer)
    note = str(answer.status if isinstance(answer, Answer) else answer)[:200]
    if failure is None:
        row.step("sent", answer=note, attempts=row.attempts + 1, leased_until=None)
        forget_text(row.dispatch_id)
    elif isinstance(failure, GiveUp) or now() - row.state_since > PATIENCE:
        row.step("abandoned", answer=note, attempts=row.attempts + 1, leased_until=None)
        log.warning("delivery.abandoned", activity=row.dispatch.activity_uri, host=row.host, answer=note)
    else:
        later = next_try(row.attempts, failure)
        Delivery.objects.filter(pk=row.pk, state="waiting").update(
            attempts=row.attempts + 1, due_at=later, leased_until=None, answer=note
        )


def forget_text(dispatch: int) -> None:
    """Once every inbox has it, what was written stands in the post alone."""
    others = Delivery.objects.filter(dispatch=OuterRef("pk")).exclude(state="sent")
    Dispatch.objects.filter(~Exists(others), pk=dispatch).update(document={})


def failure_of(answer: Answer | FederationError) -> FederationError | None:
    """401 and 403 are tried again too: keys rotate and lists change while a letter is on its way."""
    if isinstance(answer, FederationError):
        return answer if isinstance(answer, Undelivered) else TryLater(answer)
    if 200 <= answer.status < 300:
        return None
    if answer.status in (401, 403, 408, 425, 429) or answer.status >= 500:
        after = answer.headers.get("retry-after", "")
        return TryLater(answer.status, int(after) if after.isdecimal() else None)
    return GiveUp(answer.status)


def next_try(attempts: int, failure: FederationError) -> datetime:
    minutes = MINUTES[attempts] if attempts < len(MINUTES) else 24 * 60
    asked = (failure.after or 0) if isinstance(failure, TryLater) else 0
    seconds = minutes * 60 * random.uniform(0.9, 1.1)  # noqa: S311  spreads the load, guards nothing
    return now() + timedelta(seconds=max(seconds, min(asked, 86_400)))
