"""What agents say of themselves, and telling the neighbours who show it that it changed."""

import re
from dataclasses import dataclass
from html import unescape

from django.db import transaction
from django.utils.html import linebreaks, strip_tags, urlize
from django.utils.translation import gettext as _

from actors import documents, following, former_names, pictures, portraits
from actors.models import Actor
from federation import delivery, ids
from federation.errors import Forbidden
from federation.vocabulary import with_context
from federation.words import clean, line

FIELD = 255  # characters of each side of a line


@dataclass(frozen=True)
class Words:
    """The name is not here: it was verified by the organisation."""

    occupation: str
    summary: str
    approves_followers: bool
    discoverable: bool
    fields: tuple[tuple[str, str], ...] | None = None  # name and value, as typed; None leaves those that are there


def describe(actor: Actor, words: Words, portrait: bytes | None = None, without_portrait: bool = False) -> None:
    """Forbidden, with a sentence, when the portrait is not a picture. Said to partners and to followers' houses."""
    drawn = pictures.portrait(portrait) if portrait is not None else None
    fields = None if words.fields is None else written(words.fields)
    with transaction.atomic():
        actor.occupation, actor.summary = words.occupation.strip()[:200], as_html(words.summary)
        actor.approves_followers, actor.discoverable = words.approves_followers, words.discoverable
        actor.fields = actor.fields if fields is None else fields
        actor.save(update_fields=["occupation", "summary", "approves_followers", "discoverable", "fields"])
        if drawn is not None:
            portraits.keep(actor, drawn)
        elif without_portrait:
            portraits.remove(actor)
        announce(actor)


def as_html(words: str) -> str:
    """A summary is kept as the HTML that travels; an agent types plain words."""
    return linebreaks(words.strip()[:2000], autoescape=True) if words.strip() else ""


def written(fields: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    """Lines of a profile as they are kept and travel: the addresses in a value are links. Forbidden beyond eight."""
    whole = [(line(name, FIELD), value.strip()[:FIELD]) for name, value in fields]
    whole = [(name, value) for name, value in whole if name and value]
    if len(whole) > documents.FIELDS:
        raise Forbidden(_("Un profil compte au plus %(most)s lignes.") % {"most": documents.FIELDS})
    return [{"name": name, "value": clean(urlize(value, nofollow=True, autoescape=True))} for name, value in whole]


def typed_fields(actor: Actor) -> list[tuple[str, str]]:
    """The same, to correct them."""
    return [(each["name"], as_typed(each["value"])) for each in actor.fields]


def as_typed(html: str) -> str:
    """The plain words again, to correct them."""
    lines = re.sub(r"</p>\s*<p>", "\n\n", html.replace("<br>", "\n"))
    return unescape(strip_tags(lines)).strip()


def announce(actor: Actor) -> None:
    """The neighbours are told that something changed; what it is, they come and read."""
    followers = following.followers(actor).filter(local=False, gone_at=None)
    inboxes = {shared or own for shared, own in followers.values_list("shared_inbox", "inbox")}
    partners = former_names.partners().exclude(shared_inbox="").values_list("shared_inbox", flat=True)
    whole = {key: value for key, value in documents.document(actor).items() if key != "@context"}
    update = {"id": ids.activity_uri(), "type": "Update", "actor": actor.uri, "object": whole}
    delivery.send(with_context(update), inboxes | set(partners), actor.uri)
