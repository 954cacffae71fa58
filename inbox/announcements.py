"""What the organisation tells all of its agents, for a time; who has read it is written nowhere but in her own mark."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from actors.models import Actor, Agent
from federation import happenings
from federation.errors import Forbidden, NotHere
from inbox import markers
from inbox.models import Announcement, Marker
from outbox import text

MARK = "announcements"
YEARS = range(2000, 2200)  # that clocks of every place and databases can count


@dataclass(frozen=True)
class Words:
    """What is to be announced, in Markdown, and when it is shown."""

    words: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    all_day: bool = False


def everything() -> QuerySet[Announcement]:
    """The last first, past and to come."""
    return Announcement.objects.order_by("-pk")


def current() -> QuerySet[Announcement]:
    begun = Q(starts_at=None) | Q(starts_at__lte=now())
    return everything().filter(begun, Q(ends_at=None) | Q(ends_at__gt=now()))


def to_read(reader: Actor) -> QuerySet[Announcement]:
    """Those that she has not put away."""
    return current().filter(pk__gt=Coalesce(Subquery(mark_of(reader)), 0))


def put_away(reader: Actor) -> int:
    """The last that she put away; the earlier ones with it."""
    return mark_of(reader).first() or 0


def mark_of(reader: Actor) -> "QuerySet[Marker, int]":
    return Marker.objects.filter(reader=reader, timeline=MARK).values_list("last_read", flat=True)


def dismiss(reader: Actor, pk: int) -> None:
    """NotHere when there is no such announcement now."""
    if not current().filter(pk=pk).exists():
        raise NotHere(pk)
    markers.move(reader, {MARK: max(pk, put_away(reader))})


def find(pk: int) -> Announcement:
    found = Announcement.objects.filter(pk=pk).first()
    if found is None:
        raise NotHere(pk)
    return found


def announce(agent: Agent, said: Words) -> Announcement:
    return write(agent, Announcement(published_at=now()), said)


def edit(agent: Agent, pk: int, said: Words) -> Announcement:
    found = find(pk)
    found.edited_at = now()
    return write(agent, found, said)


def write(agent: Agent, found: Announcement, said: Words) -> Announcement:
    must_be_admin(agent)
    if not said.words.strip():
        raise Forbidden(_("Écrivez l’annonce."))
    if len(said.words) > text.LIMIT:
        raise Forbidden(_("Une annonce a %(limit)s signes au plus.") % {"limit": text.LIMIT})
    for at in (said.starts_at, said.ends_at):
        if at and at.year not in YEARS:
            raise Forbidden(_("« %(name)s » n’est pas une date.") % {"name": at.date().isoformat()})
    begin, end = times(said)
    if begin and end and end <= begin:
        raise Forbidden(_("La fin vient après le début."))
    found.words, found.all_day, found.starts_at, found.ends_at = said.words, said.all_day, begin, end
    found.save()
    happenings.happened("announced", [found.pk])
    return found


def times(said: Words) -> tuple[datetime | None, datetime | None]:
    """Of whole days, from the first moment of the one to the last second of the other."""
    begin, end = said.starts_at, said.ends_at
    if said.all_day:
        begin = begin and localtime(begin).replace(hour=0, minute=0, second=0, microsecond=0)
        end = end and localtime(end).replace(hour=23, minute=59, second=59, microsecond=0)
    return begin, end


def remove(agent: Agent, pk: int) -> None:
    must_be_admin(agent)
    find(pk).delete()
    happenings.happened("unannounced", [pk])


def must_be_admin(agent: Agent) -> None:
    if not agent.is_admin:
        raise Forbidden(_("Seule l’administration annonce."))


def html(found: Announcement) -> str:
    return text.render(found.words)
