"""What an agent says of herself and prefers, edited from an application; her name is her organisation's to verify."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from actors import preferences, profiles
from actors.models import Actor
from actors.pictures import IMAGE_LIMIT, too_large
from actors.profiles import Words
from instance.client_api import visibility
from instance.client_api.door import Call, Invalid, door
from instance.client_api.entities import accounts
from instance.client_api.routing import at

SAID = {"note", "locked", "discoverable", "fields_attributes"}
SUMMARY = 2_000


@door("write:accounts")
def edit(call: Call) -> Any:
    """`header` is drawn by the house from the organisation's arms, and `bot` is never an agent: neither is kept."""
    must_keep_the_name(call)
    portrait = portrait_of(call)
    with transaction.atomic():
        prefer(call)
        if portrait is not None or SAID & call.given.keys():
            profiles.describe(call.me, words_of(call), portrait)
    return accounts.credential(call.agent)


def must_keep_the_name(call: Call) -> None:
    if call.text("display_name", 500, call.me.name).strip() != call.me.name:
        raise Invalid(_("Votre nom a été vérifié par votre collectivité. Il a changé ? Demandez-lui de le corriger."))


def words_of(call: Call) -> Words:
    """What is not said stays."""
    me = call.me
    summary = call.text("note") if "note" in call.given else profiles.as_typed(me.summary)
    if len(summary) > SUMMARY:
        raise Invalid(_("Votre présentation compte au plus %(limit)s signes.") % {"limit": SUMMARY})
    return Words(
        me.occupation,
        summary,
        call.flag("locked", me.approves_followers) is True,
        call.flag("discoverable", me.discoverable) is True,
        lines_of(call) if "fields_attributes" in call.given else None,
    )


def lines_of(call: Call) -> tuple[tuple[str, str], ...]:
    """A list, or a map by numbers; those without a name or a value are left out."""
    said = call.forms("fields_attributes")
    return tuple((text_of(each.get("name")), text_of(each.get("value"))) for each in said)


def text_of(value: object) -> str:
    if "\0" in str(value):
        raise Invalid(_("Demande illisible"))
    return str(value) if isinstance(value, str | int) else ""


def portrait_of(call: Call) -> bytes | None:
    sent = call.file("avatar")
    if sent is None:
        return None
    too_large(sent.name or "", sent.size or 0, IMAGE_LIMIT)
    return bytes(sent.read())


def prefer(call: Call) -> None:
    """A word of a client's settings never widens what "public" means to this agent: only her own settings here do."""
    agent, said = call.agent, call.form("source")
    word = str(said.get("privacy", ""))
    if word and word not in ("public", "unlisted", "private"):
        raise Invalid(_("« %(name)s » : valeur inconnue.") % {"name": "source[privacy]"})
    if word == "private":
        preferences.choose_audience(agent, "followers")
    elif word and agent.app_audience == "followers":
        preferences.choose_audience(agent, "organisation")
    if "sensitive" in said:
        preferences.choose_sensitive(agent, str(said["sensitive"]).lower() in ("true", "1", "on"))
    if said.get("language"):
        preferences.choose_language(agent, str(said["language"]))


def as_it_is(actor: Actor) -> Words:
    return Words(actor.occupation, profiles.as_typed(actor.summary), actor.approves_followers, actor.discoverable)


@door("write:accounts")
def without_portrait(call: Call) -> Any:
    if call.me.avatar:
        profiles.describe(call.me, as_it_is(call.me), without_portrait=True)
    return accounts.credential(call.agent)


@door("write:accounts")
def without_header(call: Call) -> Any:
    """There is never one of her own."""
    return accounts.credential(call.agent)


@door("read:accounts")
def preferred(call: Call) -> Any:
    return {
        "posting:default:visibility": visibility.usual(call.agent),
        "posting:default:sensitive": call.agent.app_sensitive,
        "posting:default:language": preferences.language_of(call.agent),
        "posting:default:quote_policy": "nobody",
        "reading:expand:media": "default",
        "reading:expand:spoilers": False,
        "reading:autoplay:gifs": False,
    }


ROUTES = [
    at("v1/accounts/update_credentials", PATCH=edit),
    at("v1/profile/avatar", DELETE=without_portrait),
    at("v1/profile/header", DELETE=without_header),
    at("v1/preferences", GET=preferred),
]
