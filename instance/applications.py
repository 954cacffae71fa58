"""Applications that an agent lets act for her: letting in, listing, and showing out."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now
from oauth2_provider.models import AccessToken, Grant, RefreshToken, set_token_value

from actors.accounts import Agent
from actors.arrivals import hash_of
from federation.errors import NotHere
from instance.models import Application
from instance.scopes import sentences

CODE_LIFE = timedelta(minutes=10)  # long enough to be copied by hand
LIFE = timedelta(seconds=settings.TOKEN_LIFE)


class Connected(NamedTuple):
    """What its agent is shown of an application that she let in; when it last asked for something is not known."""

    application: Application
    may: list[str]
    since: datetime


def let_in(
    agent: Agent, application: Application, redirect: str, scopes: Iterable[str], challenge: tuple[str, str] = ("", "")
) -> str:
    """A code that this application exchanges once, within ten minutes, for a token of hers. Only its hash is kept."""
    forget_what_is_over(agent)
    code = secrets.token_urlsafe(32)
    Grant.objects.create(
        user=agent,
        application=application,
        code=hash_of(code),
        expires=now() + CODE_LIFE,
        redirect_uri=redirect,
        scope=" ".join(scopes),
        code_challenge=challenge[0],
        code_challenge_method=challenge[1],
    )
    return code


def give(application: Application, scopes: str, agent: Agent | None = None) -> str:
    """A token, for an agent or for the application itself; its secret is told once."""
    secret = secrets.token_urlsafe(32)
    token = AccessToken(application=application, user=agent, scope=scopes, expires=now() + LIFE)
    set_token_value(token, secret)
    token.save()
    return secret


def connected(agent: Agent) -> list[Connected]:
    """The applications that she let in, by name, each with all that it may do."""
    alive = Q(expires__gt=now()) | Q(refresh_token__revoked=None, refresh_token__isnull=False)
    tokens = AccessToken.objects.filter(alive, user=agent).select_related("application").order_by("created")
    found: dict[int, list[AccessToken]] = {}
    for token in tokens:
        found.setdefault(token.application_id, []).append(token)
    listed = [
        Connected(each[0].application, sentences([s for token in each for s in token.scope.split()]), each[0].created)
        for each in found.values()
    ]
    return sorted(listed, key=lambda each: each.application.name.casefold())


@transaction.atomic
def show_out(agent: Agent, application: int) -> Application:
    """All that this application holds of hers, at once; NotHere when she let in no such one."""
    found: Application | None = Application.objects.filter(pk=application, accesstoken__user=agent).first()
    if found is None:
        raise NotHere("no such application")
    end(agent, found)
    return found


@transaction.atomic
def end(agent: Agent, application: Application | None = None) -> None:
    """Codes, refresh tokens and tokens of an agent, with what hangs on them: of one application, or of all."""
    of = {"user": agent} if application is None else {"user": agent, "application": application}
    for kind in (Grant, RefreshToken, AccessToken):
        kind.objects.filter(**of).delete()


def remove(application: Application) -> None:
    """With every token and code that it holds."""
    application.delete()


def forget_what_is_over(agent: Agent | None) -> None:
    """Of an agent, or of applications themselves: what nothing can be done with any more."""
    AccessToken.objects.filter(user=agent, expires__lt=now(), refresh_token=None).delete()
    if agent is not None:
        Grant.objects.filter(user=agent, expires__lt=now()).delete()
        RefreshToken.objects.filter(user=agent, updated__lt=now() - LIFE).delete()
