"""What could not be fetched is not asked for again and again: absences are written down, with an end and a limit."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db.models import F
from django.utils.timezone import now

from federation.errors import NotBelieved, NotFetched
from federation.models import Absence
from federation.peers import origin_of

LASTS = [timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1)]
MOST = 10_000


@contextmanager
def remembered(uri: str) -> Iterator[None]:
    """Around a fetch: NotFetched (or NotBelieved, as then) at once for what was absent a moment ago.

    What turns out absent is noted, longer each time, and what is there again is forgotten. Not within a transaction:
    the note must outlive the failure.
    """
    known = Absence.objects.filter(uri=uri).first()
    if known is not None and known.until > now():
        raise (NotFetched if known.believed else NotBelieved)(f"{uri} could not be fetched a moment ago")
    try:
        yield
    except NotFetched as error:
        note(uri, known.failures if known else 0, believed=not isinstance(error, NotBelieved))
        raise
    if known is not None:
        known.delete()


def note(uri: str, failures: int, believed: bool = True) -> None:
    until = now() + LASTS[min(failures, len(LASTS) - 1)]
    if not Absence.objects.filter(uri=uri).update(failures=F("failures") + 1, until=until, believed=believed):
        make_room()
        Absence.objects.bulk_create([Absence(uri=uri, until=until, believed=believed)], ignore_conflicts=True)


def make_room() -> None:
    """The oldest absences go when there are too many: what they save is work, never a decision."""
    surplus = Absence.objects.count() + 1 - MOST
    if surplus > 0:
        oldest = Absence.objects.order_by("until").values_list("pk", flat=True)[: surplus + MOST // 10]
        Absence.objects.filter(pk__in=list(oldest)).delete()


def forget(host: str) -> None:
    """This house is to be asked anew: an admin says so, or it has come back."""
    Absence.objects.filter(uri__startswith=f"{origin_of(host)}/").delete()
