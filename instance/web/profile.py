"""The page of a person, a service or an organisation: who, where from, and what she wrote that I may read."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actors import directory, following
from actors.models import Actor
from inbox import timelines
from instance.web.access import for_agents, is_fragment, me
from instance.web.home import feed


@require_safe
@for_agents
def profile(request: HttpRequest, address: str) -> HttpResponse:
    """`?avant=` an older page of what she wrote."""
    reader, person = me(request), directory.on_page(address)
    look = timelines.Look(exclude_reblogs=True)
    shown, older = timelines.page(reader, "author", request.GET.get("avant", ""), person=person, look=look)
    context = feed(request, shown, older)
    if is_fragment(request):
        return render(request, "posts/_feed.html", context)
    return render(request, "people/profile.html", context | about(reader, person))


def about(reader: Actor, person: Actor) -> dict[str, Any]:
    members = []
    if person.kind == "Group":
        members = list(person.members.filter(gone_at=None, suspended_at=None).order_by("name")[:200])
    return {
        "nav": "moi" if person == reader else "personnes",
        "person": person,
        "members": members,
        "follow_state": following.states(reader, [person]).get(person.pk, ""),
        "follows_me": following.followed_by(person).filter(pk=reader.pk).exists(),
        "blocked": following.has_blocked(reader, person),
        "muted": following.has_muted(reader, person),
    }
