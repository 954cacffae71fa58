"""Figures about this house, as Prometheus reads them: rows of the database, and tallies of its processes; no person."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Count
from django.utils.timezone import now

from federation import dead_letters as leaving
from federation import tallies
from federation.models import Peer
from inbox import dead_letters as arrived
from instance import maintenance

STEPS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds; what takes longer is in the last bucket
FACES = {"/ap/": "letters", "/api/": "applications", "/oauth/": "applications"}
MILLION = 1_000_000
Labels = tuple[tuple[str, str], ...]
Sample = tuple[str, Labels, float]


def face_of(path: str) -> str:
    """Which face of the house was asked: nothing of an address is kept."""
    return next((face for beginning, face in FACES.items() if path.startswith(beginning)), "pages")


def observe(path: str, status: int, seconds: float) -> None:
    """One request more."""
    face = face_of(path)
    step = next((str(each) for each in STEPS if seconds <= each), "+Inf")
    counts = {f"bucket:{face}:{step}": 1, f"seconds:{face}": round(seconds * MILLION)}
    if status >= 500:
        counts[f"faults:{face}"] = 1
    tallies.add(counts)


def text() -> str:
    """Version 0.0.4 of the format."""
    lines: list[str] = []
    for name, kind, about, samples in [*of_rows(), *of_tallies()]:
        lines += [f"# HELP preau_{name} {about}", f"# TYPE preau_{name} {kind}"]
        lines += [f"preau_{name}{suffix}{braced(labels)} {value:.15g}" for suffix, labels, value in samples]
    return "\n".join(lines) + "\n"


def braced(labels: Labels) -> str:
    """Their values are words of ours: none has a quotation mark."""
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels) + "}" if labels else ""


Family = tuple[str, str, str, Iterable[Sample]]


def of_rows() -> Iterator[Family]:
    """The same whichever process answers."""
    owed, received = list(leaving.queues().values()), arrived.waiting()
    first = received.first()
    states = Peer.objects.values_list("state").annotate(Count("pk")).order_by("state")
    silent = Peer.objects.filter(state="active").exclude(failing_since=None).count()
    yield gauge("info", "The version that runs.", 1, (("version", settings.VERSION),))
    yield gauge("maintenance", "1 while every door is closed.", maintenance.is_on())
    yield gauge("deliveries_waiting", "Letters to send.", sum(each.waiting for each in owed))
    oldest = min((each.oldest for each in owed if each.oldest), default=None)
    yield gauge("deliveries_oldest_seconds", "Age of the oldest letter to send.", age(oldest))
    yield gauge("deliveries_abandoned", "Letters that were given up.", sum(each.abandoned for each in owed))
    yield gauge("receipts_waiting", "Letters received, to be handled.", received.count())
    yield gauge("receipts_oldest_seconds", "Age of the oldest of them.", age(first.state_since if first else None))
    yield gauge("receipts_failed", "Letters received that could not be handled.", arrived.failed().count())
    yield "peers", "gauge", "Other houses, by state.", [("", (("state", state),), n) for state, n in states]
    yield gauge("peers_silent", "Partners that do not answer at present.", silent)


def gauge(name: str, about: str, value: float, labels: Labels = ()) -> Family:
    return name, "gauge", about, [("", labels, float(value))]


def age(moment: datetime | None) -> float:
    """In seconds; 0 when there is nothing."""
    return round((now() - moment).total_seconds(), 1) if moment else 0.0


def of_tallies() -> Iterator[Family]:
    """What the processes of this machine counted, together."""
    counted = defaultdict[str, dict[str, int]](dict)
    for name, number in tallies.read().items():
        family, _, label = name.partition(":")
        counted[family][label] = number
    yield total("attempts_total", "Letters handed over, by what came of it.", "result", counted["attempts"])
    yield total("refusals_total", "Requests of other houses that were refused, by rule.", "rule", counted["refusals"])
    yield total("letters_total", "Letters of other houses that were taken.", "", counted["letters"])
    yield total("faults_total", "Answers of 500 and more.", "face", counted["faults"])
    about = "How long requests took."
    yield "request_seconds", "histogram", about, list(histogram(counted["bucket"], counted["seconds"]))


def total(name: str, about: str, label: str, counts: dict[str, int]) -> Family:
    return name, "counter", about, [("", ((label, key),) if label else (), counts[key]) for key in sorted(counts)]


def histogram(buckets: dict[str, int], seconds: dict[str, int]) -> Iterator[Sample]:
    """Each bucket holds those before it."""
    for face in sorted(seconds):
        so_far = 0
        for step in (*map(str, STEPS), "+Inf"):
            so_far += buckets.get(f"{face}:{step}", 0)
            yield "_bucket", (("face", face), ("le", step)), so_far
        yield "_sum", (("face", face),), seconds[face] / MILLION
        yield "_count", (("face", face),), so_far
