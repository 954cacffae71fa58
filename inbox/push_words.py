"""What a device shows of a notification, maybe on a locked screen: who, what, and a few words that are not private."""

import re
from html import unescape
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from actors.models import Agent
from inbox.models import Notification
from outbox.posts import Post

TYPES = {"reply": "mention", "follow_asked": "follow_request", "like": "favourite", "boost": "reblog"}
SHOWN = ("public", "partners", "chosen_partners", "organisation")  # what a whole organisation, at least, may read
MOST = 140  # characters


def type_of(reason: str) -> str:
    """Mastodon's name of a reason; both an alert and a `notification_type`."""
    return TYPES.get(reason, reason)


def payload(told: Notification, agent: Agent) -> dict[str, Any]:
    """As Mastodon's. `access_token` is there, since some clients read nothing without it, and always empty: ADR 15."""
    language = agent.language or settings.LANGUAGE_CODE
    with translation.override(language):
        return {
            "access_token": "",
            "preferred_locale": language,
            "notification_id": told.pk,
            "notification_type": type_of(told.reason),
            "icon": f"{settings.ORIGIN}{static('portrait.png')}",  # nobody's: a portrait is not for everyone
            "title": title(told)[:MOST],
            "body": body(told),
        }


def title(told: Notification) -> str:
    name = {"name": told.actor.name}
    if told.post and told.post.audience == "named" and told.reason in ("mention", "reply"):
        return _("%(name)s vous a écrit") % name
    return {
        "mention": _("%(name)s vous cite"),
        "reply": _("%(name)s vous a répondu"),
        "follow": _("%(name)s vous suit"),
        "follow_asked": _("%(name)s demande à vous suivre"),
        "like": _("%(name)s a trouvé utile votre publication"),
        "boost": _("%(name)s a partagé votre publication"),
        "status": _("%(name)s a publié"),
        "update": _("%(name)s a modifié une publication"),
        "poll": _("Le sondage de %(name)s est terminé"),
    }.get(told.reason, _("Du nouveau de %(name)s")) % name


def body(told: Notification) -> str:
    if told.post is None:
        return told.actor.address[:MOST]
    if told.post.audience not in SHOWN:
        return _("À lire dans l’application.")
    return words(told.post)


def words(post: Post) -> str:
    """Its title, or its first words; of what is marked as sensitive, the warning only."""
    plain = "" if post.sensitive else unescape(strip_tags(re.sub(r"</p>|</li>|<br\s*/?>", " ", post.html)))
    return Truncator(" ".join((post.title or plain).split())).chars(MOST, truncate="…")
