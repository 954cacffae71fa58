"""How those who act read on the wire, and how the wire's actors are read back."""

import re
from typing import Any

from django.conf import settings

from actors.models import Actor, Organisation
from federation import ids, keys, names, peers, words
from federation.errors import Malformed
from federation.vocabulary import PROFILE, as_list, id_of, ids_of, link_of, text_of, with_context

KINDS = {"Person", "Organization", "Group", "Application", "Service"}
HANDLE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
FIELDS, FIELDS_READ = 8, 64
ARMS = ("partition", "colour", "metal")


def document(actor: Actor, origin: str = "") -> dict[str, Any]:
    """The whole actor, for someone entitled to read it; under a former `origin` of ours, what she was called there."""
    origin = origin or names.origin_of(actor.uri)
    whole = {
        "name": actor.name,
        "summary": actor.summary,
        "url": actor.url,
        "outbox": actor.outbox,
        "followers": actor.followers_uri,
        "following": actor.following_uri,
        "featured": f"{actor.uri}/featured",
        "manuallyApprovesFollowers": actor.approves_followers,
        "discoverable": actor.discoverable,
        "alsoKnownAs": [each for each in actor.also_known_as if each != names.at(actor.uri, origin)],
        **extras(actor),
    }
    said = {**names.as_at(whole, origin), **outline(actor, origin)}
    return with_context({key: value for key, value in said.items() if value not in ("", [], None)})


def outline(actor: Actor, origin: str = "") -> dict[str, Any]:
    """What anyone may read without a signature: enough to verify a signature, to find the inbox, and to learn that the
    former name is one."""
    origin = origin or names.origin_of(actor.uri)
    uri = names.at(actor.uri, origin)
    shown = [{"id": key.uri, "owner": uri, "publicKeyPem": key.public_pem} for key in keys.published(uri)]
    said = {
        "id": uri,
        "type": actor.kind,
        "preferredUsername": actor.handle,
        "inbox": names.at(actor.inbox, origin),
        "endpoints": {"sharedInbox": names.at(actor.shared_inbox, origin)},
        "publicKey": shown[0] if len(shown) == 1 else shown,
    }
    moved_to = actor.uri if uri != actor.uri else actor.moved_to
    return said | {"movedTo": moved_to} if moved_to else said


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
        "attachment": [{"type": "PropertyValue", **each} for each in actor.fields],
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
    host = peers.authority_of(id_of(document))
    kind, handle = text_of(document.get("type"), 20), text_of(document.get("preferredUsername"), 100)
    inbox = id_of(document.get("inbox"))
    if kind not in KINDS or not inbox or not HANDLE.fullmatch(handle):
        raise Malformed("not an actor we can read")
    endpoints = document.get("endpoints")
    return {
        "kind": kind,
        "handle": handle.lower(),
        "name": words.line(document.get("name"), 200) or handle,
        "summary": words.clean(document.get("summary"), 20_000),
        "occupation": words.line(document.get("occupation"), 200),
        "fields": fields_of(document),
        "inbox": inbox,
        "shared_inbox": id_of(endpoints.get("sharedInbox")) if isinstance(endpoints, dict) else "",
        "outbox": address_at(host, document.get("outbox")),
        "followers_uri": address_at(host, document.get("followers")),
        "following_uri": address_at(host, document.get("following")),
        "url": address_at(host, link_of(document.get("url"))),
        "icon_url": address_at(host, icon_of(document)),
        "approves_followers": document.get("manuallyApprovesFollowers") is True,
        "discoverable": document.get("discoverable") is True,
        "also_known_as": ids_of(document.get("alsoKnownAs"))[:20],
        "moved_to": id_of(document.get("movedTo")),
    }


def address_at(host: str, value: object) -> str:
    """An address within the actor's own house; empty for any other, which proves nothing and may lead anywhere."""
    uri = id_of(value)
    return uri if peers.lives_at(uri, host) else ""


def fields_of(document: dict[str, Any]) -> list[dict[str, str]]:
    """The lines of a profile, as some houses attach them: a name, and a value that may hold links."""
    said = [each for each in as_list(document.get("attachment"))[:FIELDS_READ] if isinstance(each, dict)]
    lines = [each for each in said if each.get("type") == "PropertyValue"]
    found = [(words.line(each.get("name"), 255), words.clean(each.get("value"), 2_000)) for each in lines]
    return [{"name": name, "value": value} for name, value in found if name and value][:FIELDS]


def icon_of(document: dict[str, Any]) -> str:
    icons = [each for each in as_list(document.get("icon")) if isinstance(each, dict)]
    return link_of(icons[0].get("url")) if icons else ""
