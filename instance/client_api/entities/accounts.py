"""Account, CredentialAccount and Relationship.

How much someone writes, or when she last did, is told by nobody: those counts are zero for all, and the date is none.
"""

from collections.abc import Iterable
from html import escape
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from ulid import ULID

from actors import follow_lists, following, preferences, profiles
from actors.models import Actor, Agent
from instance import media_links
from instance.client_api import visibility
from instance.client_api.entities import dates

Entity = dict[str, Any]


def account(actor: Actor, viewer: Actor | None) -> Entity:
    return shown_to(written(actor), actor, viewer)


def shown_to(alone: Entity, actor: Actor, viewer: Actor | None) -> Entity:
    """With the portrait, whose address is sealed for the viewer."""
    portrait = media_links.portrait(actor, viewer)
    return alone | {"avatar": portrait, "avatar_static": portrait}


def written(actor: Actor) -> Entity:
    """What is the same for all."""
    banner = media_links.banner()
    return {
        "id": str(actor.pk),
        "username": actor.handle,
        "acct": acct(actor),
        "url": f"{settings.ORIGIN}{actor.profile_path}",
        "uri": actor.uri,
        "display_name": actor.name,
        "note": actor.summary,
        "avatar": "",
        "avatar_static": "",
        "avatar_description": "",
        "header": banner,
        "header_static": banner,
        "header_description": "",
        "locked": actor.approves_followers,
        "bot": actor.kind in ("Application", "Service"),
        "group": actor.kind == "Group",
        "discoverable": actor.discoverable,
        "noindex": True,
        "indexable": False,
        "hide_collections": False,
        "fields": fields(actor),
        "emojis": [],
        "roles": [],
        "created_at": created(actor),
        "last_status_at": None,
        "followers_count": 0,
        "following_count": 0,
        "statuses_count": 0,
    }


def accounts(actors: Iterable[Actor], viewer: Actor | None) -> list[Entity]:
    return [account(each, viewer) for each in actors]


def profile(actor: Actor, viewer: Actor) -> Entity:
    """One account looked at by itself: with how many follow and are followed, as the lists show `viewer`."""
    counts = {
        "followers_count": follow_lists.followers(actor, viewer).count(),
        "following_count": follow_lists.followed(actor, viewer).count(),
    }
    return account(actor, viewer) | counts


def acct(actor: Actor) -> str:
    return actor.handle if actor.local else f"{actor.handle}@{actor.domain}"


def created(actor: Actor) -> str:
    """The day on which we came to know the actor."""
    return dates.day(ULID.from_str(actor.ulid).datetime)


def fields(actor: Actor) -> list[Entity]:
    """First what the organisation verified: in an application too one sees to whom one speaks."""
    verified = {_("Fonction"): actor.occupation, _("Service"): actor.service.name if actor.service else ""}
    said = [{"name": name, "value": escape(value), "verified_at": None} for name, value in verified.items() if value]
    return said + [{"name": each["name"], "value": each["value"], "verified_at": None} for each in actor.fields]


def credential(agent: Agent) -> Entity:
    """The account of whoever asks, with what she may edit and by which rules her posts begin."""
    actor = agent.actor
    source = {
        "privacy": visibility.usual(agent),
        "sensitive": agent.app_sensitive,
        "language": preferences.language_of(agent),
        "note": profiles.as_typed(actor.summary),
        "fields": [{"name": n, "value": value, "verified_at": None} for n, value in profiles.typed_fields(actor)],
        "follow_requests_count": following.requests_to(actor).count(),
        "hide_collections": False,
        "discoverable": actor.discoverable,
        "indexable": False,
        "attribution_domains": [],
        "quote_policy": "nobody",
    }
    role = {"id": "-99", "name": "", "color": "", "permissions": "0", "highlighted": False}
    return profile(actor, actor) | {"source": source, "role": role}
