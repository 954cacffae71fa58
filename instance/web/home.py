"""What an agent reads first: the posts meant for her, and three other ways of looking."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actors.models import Actor
from inbox import announcements, timelines
from inbox.models import Announcement
from instance.web.access import agent, for_agents, is_fragment, me


@require_safe
@for_agents
def home(request: HttpRequest) -> HttpResponse:
    """`?fil=` chooses the timeline, `?avant=` (the number of a line) an older page of it."""
    name = request.GET.get("fil", "")
    name = name if name in timelines.PAGES else ""
    shown, older = timelines.page(me(request), name, request.GET.get("avant", ""))
    context = feed(request, shown, older) | {
        "nav": "accueil",
        "feed_name": name,
        "uptodate": True,
        "announced": [] if is_fragment(request) else told(me(request)),
        "needs_password": not agent(request).has_usable_password(),
    }
    return render(request, "posts/_feed.html" if is_fragment(request) else "home/home.html", context)


def told(reader: Actor) -> list[tuple[Announcement, str]]:
    """What the organisation announces, and she has not put away."""
    return [(each, announcements.html(each)) for each in announcements.to_read(reader)]


def feed(request: HttpRequest, shown: list[Any], older: str) -> dict[str, Any]:
    """What every list of posts needs: the posts, and the address of the next page (or nothing: the end)."""
    kept = {key: value for key, value in request.GET.items() if key in ("fil", "onglet")}
    more = f"{request.path}?{urlencode(kept | {'avant': older})}" if older else ""
    return {"posts": shown, "more": more, "first_page": "avant" not in request.GET}
