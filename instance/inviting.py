"""A new colleague: an account, her service, and the link by which she comes in the first time."""

from django.db import transaction

from actors import arrivals
from actors.accounts import Agent
from actors.models import Actor, Service


@transaction.atomic
def invite(name: str, occupation: str, service: str, role: str, login: str) -> tuple[Agent, str]:
    """The account, and its link; a service that is not there yet is opened. Forbidden."""
    unit = None
    if service:
        unit = Service.objects.filter(actor__name=service).first() or arrivals.open_service(service)
    agent = arrivals.invite(name, occupation, unit, role, login)
    return agent, arrivals.sign_in_link(agent)


def namesake(name: str) -> Agent | None:
    """Somebody who has an account under that name already: perhaps the same person."""
    return Agent.objects.filter(actor__name__iexact=name.strip(), is_active=True).order_by("pk").first()


def is_taken(login: str) -> bool:
    return Actor.objects.filter(local=True, handle=arrivals.handle_from(login)).exists()


def services() -> list[str]:
    """The names of those that there are."""
    found = Service.objects.filter(actor__local=True, actor__gone_at=None)
    return list(found.order_by("actor__name").values_list("actor__name", flat=True)[:500])
