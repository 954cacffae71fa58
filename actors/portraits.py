"""Portraits of those who act: ours are chosen by them, our neighbours' are fetched once and kept drawn again."""

import structlog
from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile

from actors import directory, pictures, throttle
from actors.models import Actor
from federation import http, patience, peers
from federation.errors import FederationError, NotFetched, NotHere
from federation.ids import new_ulid

log = structlog.get_logger()
QUICK = 0.5  # seconds
LIMIT, PIXELS = 4 * pictures.MEGABYTE, 4_000_000  # of a portrait from elsewhere, drawn while a page waits for it


def of(actor: Actor) -> FieldFile:
    """The file of a portrait; NotHere when there is none, or its house does not give it now."""
    if not actor.avatar:
        fetch(actor)
    return actor.avatar


def fetch(actor: Actor) -> None:
    """Ask the actor's own house, at most once in a quarter of an hour, and not while it keeps our pages waiting."""
    tired = patience.is_tired_of(actor.host, "portraits")
    if tired or actor.local or not actor.icon_url or throttle.too_many("portrait", actor.uri, 1):
        raise NotHere(actor.ulid)
    try:
        if peers.authority_of(actor.icon_url) != actor.host:
            raise NotFetched("the portrait is in another house")
        with patience.waiting_for(actor.host, "portraits", quick=QUICK):
            answer = http.get(actor.icon_url, accept="image/*", signer_key=directory.our_key(actor.host), limit=LIMIT)
        if answer.status != 200:
            raise NotFetched(f"answered {answer.status}")
        keep(actor, pictures.portrait(answer.body, PIXELS))
    except FederationError as error:
        log.info("portrait.not_fetched", actor=actor.uri, reason=str(error)[:200])
        raise NotHere(actor.ulid) from error


def keep(actor: Actor, drawn: bytes) -> None:
    """Replace the portrait; the former file goes."""
    former = actor.avatar.name
    actor.avatar.save(f"{new_ulid()}.webp", ContentFile(drawn), save=False)
    actor.save(update_fields=["avatar"])
    if former:
        actor.avatar.storage.delete(former)


def remove(actor: Actor) -> None:
    if actor.avatar:
        actor.avatar.delete(save=False)
        actor.save(update_fields=["avatar"])
