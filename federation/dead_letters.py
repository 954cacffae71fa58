"""Letters that wait and letters that were given up, house by house, and another try for them: never what is in them."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings
from django.db.models import Count, F, Min, Q, QuerySet
from django.utils.translation import gettext as _

from federation import delivery, peers
from federation.errors import Forbidden
from federation.lined_up import due
from federation.models import Delivery

log = structlog.get_logger()
ENDED = "the partnership ended"  # what was owed to that house then


@dataclass(frozen=True)
class Queue:
    """What is owed to one house; `oldest` is when the oldest of what waits was written, `next_try` when one is due."""

    host: str = ""
    waiting: int = 0
    abandoned: int = 0
    oldest: datetime | None = None
    next_try: datetime | None = None


def queues() -> dict[str, Queue]:
    """By host, those that are owed something, the most first."""
    waits = Q(state="waiting")
    rows = Delivery.objects.filter(state__in=["waiting", "abandoned"]).values_list("host")
    counted = rows.annotate(
        waiting=Count("pk", filter=waits),
        abandoned=Count("pk", filter=Q(state="abandoned")),
        oldest=Min("state_since", filter=waits),
        next_try=Min("due_at", filter=waits),
    ).order_by("-waiting", "host")
    return {row[0]: Queue(*row) for row in counted}


def queue_of(host: str) -> Queue:
    return queues().get(host, Queue(host))


def abandoned(host: str = "") -> QuerySet[Delivery]:
    """Newest first, each with `kind` and `activity_uri`; the documents stay in the database."""
    rows = Delivery.objects.filter(state="abandoned").order_by("-state_since", "-pk")
    rows = rows.annotate(kind=F("dispatch__document__type"), activity_uri=F("dispatch__activity_uri"))
    return rows.filter(host=host) if host else rows


def replay(row: Delivery) -> None:
    """Try again for as long as a new letter; Forbidden, with a sentence, when it may not leave, or is empty by now."""
    houses = peers.in_talks() if row.urgency == delivery.TALK else peers.open_peers()
    if not houses.filter(host=row.host).exists():
        facts = {"house": row.host}
        raise Forbidden(_("%(house)s n’est pas une collectivité partenaire : rien ne lui est envoyé.") % facts)
    if not row.dispatch.document:
        raise Forbidden(_("Ce qui était écrit a été retiré depuis : il n’y a plus rien à envoyer."))
    if row.answer == ENDED:
        raise Forbidden(_("Le partenariat avait pris fin : ceux qui pouvaient le lire ont pu changer depuis."))
    if delivery.retry(row.pk):
        log.info("delivery.replayed", delivery=row.pk, host=row.host)
    row.refresh_from_db()


def left_lying(before: datetime) -> int:
    """Letters that could have left by then, to houses that answer, when nobody has taken any since: nobody works."""
    if Delivery.objects.filter(state="waiting", leased_until__gt=before).exists():
        return 0
    answering = peers.open_peers().filter(failures=0).values("host")
    return due(before).filter(Q(host__in=answering) | Q(host=settings.HOST)).count()
