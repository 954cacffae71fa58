"""How those who act read on the wire, and how the wire's actors are read back."""

import re
from typing import Any

import nh3
from django.conf import settings

from actors.models import Actor, Organisation
from federation import ids
from federation.errors import Malformed
from federation.models import Key
from federation.vocabulary import PROFILE, id_of, ids_of, link_of, text_of, with_context

KINDS = {"Person", "Organization", "Group", "Application", "Service"}
HANDLE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
ARMS = ("partition", "colour", "metal")


def document(actor: Actor) -> dict[str, Any]:
    """The whole actor, for someone entitled to read it."""
    whole = {
        **outline(actor),
        "name": actor.name,
        "summary": actor.summary,
        "url": actor.url,
        "outbox": actor.outbox,
        "followers": actor.followers_uri,
        "following": actor.following_uri,
        "featured": f"{actor.uri}/featured",
        "manuallyApprovesFollowers": actor.approves_followers,
        "discoverable": actor.discoverable,
        "alsoKnownAs": actor.also_known_as,
        **extras(actor),
    }
    return with_context({key: value for key, value in whole.items() if value not in ("", [], None)})


def outline(actor: Actor) -> dict[str, Any]:
    """What anyone may read without a signature: enough to verify a signature and to find the inbox."""
    key = Key.objects.filter(owner_uri=actor.uri, retired_at=None).order_by("-pk").first()
    return {
        "id": actor.uri,
        "type": actor.kind,
        "preferredUsername": actor.handle,
        "inbox": actor.inbox,
        "endpoints": {"sharedInbox": actor.shared_inbox},
        "publicKey": key and {"id": key.uri, "owner": actor.uri, "publicKeyPem": key.public_pem},
    }


def extras(actor: Actor) -> dict[str, Any]:
    """What belongs to one kind of actor only."""
    if actor.kind == "Application":
        return house_extras()
    if actor.kind == "Organization":
        return organisation_extras(actor)
    portrait = {"type": "Image", "mediaType": "image/webp", "url": f"{settings.ORIGIN}{actor.avatar_url}"}
    return {
        "occupation": actor.occupation,
        "service": actor.service.uri if actor.service else "",
        "icon": portrait if actor.avatar_url else None,
        "organisation": our_organisation_uri(),
    }


def house_extras() -> dict[str, Any]:
    return {
        "profile": PROFILE,
        "directory": f"{ids.instance_actor_uri()}/directory",
        "organisation": our_organisation_uri(),
    }


def organisation_extras(actor: Actor) -> dict[str, Any]:
    organisation = Organisation.objects.get(actor=actor)
    arms = {name: getattr(organisation, name) for name in ARMS} | {"reversed": organisation.reversed}
    return {
        "siren": organisation.siren,
        "kind": organisation.kind,
        "shortName": organisation.short_name,
        "arms": arms if organisation.partition else None,
    }


def our_organisation_uri() -> str:
    found = Organisation.objects.filter(host=settings.HOST).select_related("actor").first()
    return found.actor.uri if found and found.actor else ""


def read(document: dict[str, Any]) -> dict[str, Any]:
    """The columns of an Actor as a peer describes it; Malformed when the essential is missing."""
    kind = document.get("type")
    handle = document.get("preferredUsername")
    inbox = id_of(document.get("inbox"))
    if kind not in KINDS or not inbox or not isinstance(handle, str) or not HANDLE.fullmatch(handle):
        raise Malformed("not an actor we can read")
    endpoints = document.get("endpoints")
    icon = document.get("icon")
    return {
        "kind": kind,
        "handle": handle.lower(),
        "name": nh3.clean(text_of(document.get("name"), 200), tags=set()) or handle,
        "summary": nh3.clean(text_of(document.get("summary"), 20_000)),
        "occupation": text_of(document.get("occupation"), 200),
        "inbox": inbox[:500],
        "shared_inbox": id_of(endpoints.get("sharedInbox"))[:500] if isinstance(endpoints, dict) else "",
        "outbox": id_of(document.get("outbox"))[:500],
        "followers_uri": id_of(document.get("followers"))[:500],
        "following_uri": id_of(document.get("following"))[:500],
        "url": link_of(document.get("url"))[:500],
        "icon_url": (link_of(icon.get("url")) if isinstance(icon, dict) else "")[:500],
        "approves_followers": document.get("manuallyApprovesFollowers") is True,
        "discoverable": document.get("discoverable") is True,
        "also_known_as": ids_of(document.get("alsoKnownAs"))[:20],
        "moved_to": id_of(document.get("movedTo"))[:500],
    }
