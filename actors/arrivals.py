"""Settling in: our organisation, its services, its agents, and their single-use ways in."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now

from actors.accounts import ROLES, Agent
from actors.models import Actor, Organisation, Service, SignInLink
from federation import ids, keys
from federation.errors import Forbidden

LINK_LIFE = timedelta(days=14)
# What else lets someone in as an agent, and ends with her password or her account: the rooms above say it here.
WAYS_IN: list[Callable[[Agent], None]] = []


def way_in(end: Callable[[Agent], None]) -> Callable[[Agent], None]:
    """Register a function that closes a way in of an agent: it is part of the same transaction."""
    if end not in WAYS_IN:
        WAYS_IN.append(end)
    return end


def handle_from(name: str) -> str:
    """`Hélène Vasseur` → `helene.vasseur`: what others type, never what identifies."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", ".", plain).strip(".")[:60] or "agent"


def free_handle(wanted: str) -> str:
    handle, number = wanted, 2
    while Actor.objects.filter(handle=handle, local=True).exists():
        handle, number = f"{wanted}{number}", number + 1
    return handle


def new_local_actor(kind: str, name: str, handle: str, uri: str = "", **more: object) -> Actor:
    """An actor of ours, with its key pair and its addresses."""
    ulid = ids.new_ulid()
    uri = uri or ids.actor_uri(ulid)
    actor = Actor.objects.create(
        uri=uri,
        ulid=ulid,
        kind=kind,
        handle=free_handle(handle),
        host=settings.HOST,
        domain=settings.ACCOUNT_DOMAIN,
        local=True,
        name=name,
        inbox=f"{uri}/inbox",
        shared_inbox=ids.shared_inbox(),
        outbox=f"{uri}/outbox",
        followers_uri=f"{uri}/followers",
        following_uri=f"{uri}/following",
        **more,
    )
    actor.url = f"{settings.ORIGIN}{actor.profile_path}"
    actor.save(update_fields=["url"])
    keys.generate(actor.uri)
    return actor


@transaction.atomic
def settle_organisation(name: str, short_name: str, siren: str, kind: str, **arms: object) -> Organisation:
    """Found the house: the instance actor that signs its fetches, and the organisation's official voice."""
    if not re.fullmatch(r"\d{9}", siren):
        raise Forbidden("Le numéro SIREN compte neuf chiffres.")
    instance_actor()
    organisation, _ = Organisation.objects.update_or_create(
        host=settings.HOST, defaults={"name": name, "short_name": short_name, "siren": siren, "kind": kind, **arms}
    )
    if organisation.actor is None:
        organisation.actor = new_local_actor("Organization", name, handle_from(short_name))
        organisation.save(update_fields=["actor"])
    return organisation


def instance_actor(origin: str = "") -> Actor:
    """The Application that signs fetches and speaks for the house, one for each name of it; made on first use."""
    found = Actor.objects.filter(uri=ids.instance_actor_uri(origin)).first()
    return found or new_local_actor("Application", settings.HOST, "instance", uri=ids.instance_actor_uri())


@transaction.atomic
def open_service(name: str, parent: Service | None = None) -> Service:
    actor = new_local_actor("Group", name, handle_from(name))
    return Service.objects.create(actor=actor, parent=parent)


@transaction.atomic
def invite(
    name: str, occupation: str = "", service: Service | None = None, role: str = "agent", login: str = ""
) -> Agent:
    """An account for an agent whose name was verified; she enters by a link, then may choose a password."""
    if role not in ROLES:
        raise Forbidden(f"Le rôle doit être l'un de : {', '.join(ROLES)}.")
    if not name.strip():
        raise Forbidden("Le nom est nécessaire.")
    actor = new_local_actor(
        "Person",
        name.strip()[:200],
        handle_from(login or name),
        occupation=occupation[:200],
        service=service.actor if service else None,
    )
    agent = Agent(login=actor.handle, actor=actor, role=role)
    agent.set_unusable_password()
    agent.save()
    return agent


def sign_in_link(agent: Agent) -> str:
    """A URL that signs this agent in once, within two weeks."""
    secret = secrets.token_urlsafe(32)
    SignInLink.objects.create(agent=agent, secret_hash=hash_of(secret), expires_at=now() + LINK_LIFE)
    return f"{settings.ORIGIN}/entrer/{secret}/"


def agent_of_link(secret: str) -> Agent | None:
    link = SignInLink.objects.filter(secret_hash=hash_of(secret), expires_at__gt=now(), agent__is_active=True).first()
    return link.agent if link else None


def use_link(secret: str) -> Agent | None:
    """The agent whose link this is, the first time; None ever after."""
    agent = agent_of_link(secret)
    used, _ = SignInLink.objects.filter(secret_hash=hash_of(secret)).delete()
    return agent if used else None


@transaction.atomic
def choose_password(agent: Agent, password: str) -> None:
    """From now on she enters by it: her links and her applications, wherever they are now, open nothing."""
    agent.set_password(password)
    agent.save(update_fields=["password"])
    close_ways_in(agent)


@transaction.atomic
def close(agent: Agent) -> None:
    """An agent leaves: no way in stays open, and her sessions end at the next request. What she wrote stays."""
    agent.is_active = False
    agent.closed_at = agent.closed_at or now()
    agent.set_unusable_password()
    agent.save(update_fields=["is_active", "closed_at", "password"])
    close_ways_in(agent)


def close_ways_in(agent: Agent) -> None:
    SignInLink.objects.filter(agent=agent).delete()
    for end in WAYS_IN:
        end(agent)


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def admins() -> list[Agent]:
    """Who runs this house, and may still sign in."""
    found = Agent.objects.filter(role="admin", is_active=True, actor__suspended_at=None, actor__gone_at=None)
    return list(found.order_by("pk"))
