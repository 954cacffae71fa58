"""Pages of a list that moves: `max_id`, `since_id`, `min_id`, and the Link header by which one goes on.

As clients expect them (https://docs.joinmastodon.org/api/guidelines/#pagination): newest first; `max_id` is strictly
older, `since_id` the newest page of what is strictly newer, `min_id` the page that follows it at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.encoding import escape_uri_path

Row = TypeVar("Row", bound=Model)
MOST = 2**63 - 1
BOUNDS = ("max_id", "since_id", "min_id")


@dataclass(frozen=True)
class Window:
    limit: int
    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None


def bound(value: Any) -> int | None:
    """An id, or None for what is none: it is as if it had not been said."""
    digits = str(value) if isinstance(value, str | int) else ""
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 25 else MOST + 1
    return number if number <= MOST else None


def cut(rows: QuerySet[Row], key: str, window: Window) -> list[Row]:
    if window.max_id is not None:
        rows = rows.filter(**{f"{key}__lt": window.max_id})
    if window.min_id is not None:
        above = rows.filter(**{f"{key}__gt": window.min_id}).order_by(key)
        return list(above[: window.limit])[::-1]
    if window.since_id is not None:
        rows = rows.filter(**{f"{key}__gt": window.since_id})
    return list(rows.order_by(f"-{key}")[: window.limit])


def link(request: HttpRequest, ids: Sequence[int], window: Window) -> str:
    """The Link header: `next` first, as some clients read it; no `next` after a page that is not full."""
    if not ids:
        return ""
    steps = [("next", "max_id", ids[-1])] if len(ids) >= window.limit or window.min_id is not None else []
    steps.append(("prev", "min_id", ids[0]))
    return ", ".join(f'<{address(request, name, value)}>; rel="{rel}"' for rel, name, value in steps)


def address(request: HttpRequest, name: str, value: int) -> str:
    kept = [(key, each) for key, values in request.GET.lists() if key not in BOUNDS for each in values]
    query = urlencode([pair for pair in kept if pair[0] != "access_token"] + [(name, value)])
    return f"{settings.ORIGIN}{escape_uri_path(request.path)}?{query}"
