"""What others did that concerns the reader: by day, and one line for each deed on each post."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware, localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from actors import following
from actors.models import Actor
from inbox import notifications as told
from inbox.models import Notification
from instance.web import wording
from instance.web.access import for_agents, me
from outbox.posts import Post

PAGE = 60
FILTERS = {"reponses": ["reply"], "mentions": ["mention"], "suivis": ["follow", "follow_asked"]}


@dataclass
class Line:
    """One deed, by one or several people."""

    reason: str
    post: Post | None
    at: datetime
    new: bool = False
    people: list[Actor] = field(default_factory=list)
    request: int | None = None

    @property
    def others(self) -> int:
        return len(self.people) - 1

    @property
    def subject(self) -> Post | None:
        """What it is about: for answers, the post that they answer."""
        return self.post.in_reply_to if self.post and self.reason == "reply" else self.post

    @property
    def path(self) -> str:
        """Where it leads: the answer itself when there is one, the whole discussion when there are several."""
        shown = self.subject if self.others else self.post
        return shown.path if shown else self.people[0].profile_path


@dataclass
class Day:
    name: str
    lines: list[Line]


@require_safe
@for_agents
def notifications(request: HttpRequest) -> HttpResponse:
    """`?filtre=` one kind only; `?avant=` (a moment) older ones. Once shown in full, they are no longer new."""
    reader, chosen = me(request), request.GET.get("filtre", "")
    before = moment(request.GET.get("avant", ""))
    rows = told.page(reader, before).select_related("post__in_reply_to")
    if chosen in FILTERS:
        rows = rows.filter(reason__in=FILTERS[chosen])
    found = list(rows[: PAGE + 1])
    waiting = {asked.follower_id: asked.pk for asked in following.requests_to(reader)}
    context = {
        "nav": "notifications",
        "chosen": chosen if chosen in FILTERS else "",
        "days": by_day(found[:PAGE], waiting),
        "more": older(request, found),
        "first_page": before is None,
    }
    response = render(request, "notifications/notifications.html", context)
    if before is None and chosen not in FILTERS:
        told.seen(reader)
    return response


def moment(words: str) -> datetime | None:
    try:
        found = parse_datetime(words)
        return found.astimezone(UTC) if found and is_aware(found) else None
    except (ValueError, OverflowError):
        return None


def older(request: HttpRequest, found: list[Notification]) -> str:
    if len(found) <= PAGE:
        return ""
    kept = {"filtre": request.GET["filtre"]} if request.GET.get("filtre") else {}
    return f"{request.path}?{urlencode(kept | {'avant': found[PAGE - 1].created_at.isoformat()})}"


def by_day(rows: Iterable[Notification], waiting: dict[int, int]) -> list[Day]:
    """Newest day first. Two deeds are never one line, nor one deed on two posts."""
    days: dict[date, dict[tuple[str, int | None], Line]] = {}
    for row in rows:
        lines = days.setdefault(localdate(row.created_at), {})
        asked = waiting.get(row.actor_id) if row.reason == "follow_asked" else None
        key = (row.reason, thread_of(row) or asked)
        line = lines.setdefault(key, Line(row.reason, row.post, row.created_at, request=asked))
        line.new = line.new or row.new
        line.people.append(row.actor)
    return [Day(name_of(day, lines), list(lines.values())) for day, lines in days.items()]


def thread_of(row: Notification) -> int | None:
    """What groups deeds on one line: the post; for answers, the post that they answer."""
    if row.post and row.reason == "reply":
        return row.post.in_reply_to_id or row.post.pk
    return row.post_id


def name_of(day: date, lines: dict[tuple[str, int | None], Line]) -> str:
    ago = (localdate() - day).days
    if ago < 2:
        return _("Hier") if ago else _("Aujourd’hui")
    return wording.day(next(iter(lines.values())).at)
