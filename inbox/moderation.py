"""What our agents report to those who moderate this house, and to the house of whoever it is about."""

from collections.abc import Sequence

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from actors import arrivals, throttle
from actors.models import Actor
from federation import delivery, ids, peers
from federation.errors import Forbidden, NotHere
from federation.vocabulary import with_context
from inbox.models import Report
from outbox import posts
from outbox.posts import Post

log = structlog.get_logger()
CATEGORIES = ("spam", "legal", "violation", "other")
WORDS, POSTS, OFTEN = 1_000, 40, 20  # characters; of one report; reports of one agent in a quarter of an hour


def report(
    actor: Actor,
    target: Actor,
    about: Sequence[Post] = (),
    words: str = "",
    category: str = "other",
    forward: bool = False,
) -> Report:
    """Kept for our moderators; `forward`: and told to the target's own house, if that is a partner, without naming who
    reports. NotHere for posts that the reporter cannot read, or that the target did not write."""
    if actor == target:
        raise Forbidden(_("On ne se signale pas soi-même."))
    if len(words) > WORDS:
        raise Forbidden(_("Un signalement compte au plus %(limit)s signes.") % {"limit": WORDS})
    must_be_readable(actor, target, about)
    if throttle.too_many("report", actor.uri, OFTEN):
        raise Forbidden(_("Vous avez envoyé beaucoup de signalements : attendez un quart d’heure."))
    told = forward and is_partner(target)
    with transaction.atomic():
        row = Report.objects.create(
            uri=ids.activity_uri(),
            actor=actor,
            about=[target.uri, *(each.uri for each in about)],
            words=words.strip(),
            category=category if category in CATEGORIES else "other",
            forwarded=told,
        )
        if told:
            delivery.send(flag(row), [target.shared_inbox or target.inbox], ids.instance_actor_uri())
    log.info("report.kept", report=row.pk, forwarded=told)
    return row


def must_be_readable(actor: Actor, target: Actor, about: Sequence[Post]) -> None:
    pks = {each.pk for each in about}
    if len(pks) > POSTS or posts.by(actor, target).filter(pk__among=pks).count() != len(pks):
        raise NotHere(target.uri)


def is_partner(target: Actor) -> bool:
    return not target.local and peers.partners().filter(host=target.host).exists()


def flag(row: Report) -> dict[str, object]:
    """In the name of the house: who reported is nobody's business over there."""
    house = arrivals.instance_actor()
    letter = {"id": row.uri, "type": "Flag", "actor": house.uri, "object": row.about, "content": row.words}
    return with_context(letter | {"to": row.about[:1]})


def reports() -> QuerySet[Report]:
    """Those that wait first, newest first."""
    return Report.objects.select_related("actor__service").order_by("handled", "-pk")


def handle(pk: int, handled: bool = True) -> None:
    """A moderator has seen to it, or wants to look at it again; who did is not kept."""
    if not Report.objects.filter(pk=pk).update(handled=handled):
        raise NotHere(str(pk))
