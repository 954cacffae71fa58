"""What every page knows: whose house this is, who reads, and what is new for her."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from actors.models import Actor, Organisation
from inbox import notifications

NAME = "Le Préau"


def house(request: HttpRequest) -> dict[str, Any]:
    """Template context. The callables ask the database only where a template shows them, and once a page."""
    agent = getattr(request, "user", None)
    me = agent.actor if agent is not None and agent.is_authenticated else None
    houses = cache(all_houses)
    return {
        "instance_name": NAME,
        "network_name": settings.NETWORK_NAME,
        "house": lambda: ours(houses),
        "houses": houses,
        "me": me,
        "new_notifications": cache(lambda: news(me)),
        "theme": getattr(agent, "theme", ""),
        "nav": "",
    }


def all_houses() -> dict[str, Organisation]:
    """The organisations that we know, by host: a few dozens, so one query serves every shield of a page."""
    return {each.host: each for each in Organisation.objects.all()}


def ours(houses: Callable[[], dict[str, Organisation]]) -> Organisation:
    """Our organisation; before it was described, our host says who we are."""
    return houses().get(settings.HOST) or Organisation(host=settings.HOST, name=settings.HOST, short_name=settings.HOST)


def news(me: Actor | None) -> int:
    return notifications.new_count(me) if me is not None else 0
