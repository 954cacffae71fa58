"""What a client sends to be published, read as a wish of ours."""

from typing import Any

from django.utils.translation import gettext as _

from federation.errors import NotHere
from instance.client_api import polls, visibility
from instance.client_api.door import Call, Invalid
from outbox import media, numbered
from outbox.posts import Attachment, Post
from outbox.publishing import Draft
from outbox.wishes import Wish

KEY = 200


def wish(call: Call) -> Wish:
    """All that is asked for is looked up before anything is written. Invalid, NotHere."""
    return Wish(draft(call), visibility.reach(call), answered(call))


def draft(call: Call, **more: Any) -> Draft:
    """`spoiler_text` is the title of a note: what one reads before opening it."""
    return Draft(
        call.text("status"),
        title=call.text("spoiler_text", 300),
        language=language(call),
        attachments=tuple(attached(call)),
        sensitive=bool(call.flag("sensitive", False)),
        poll=polls.wanted(call),
        **more,
    )


def language(call: Call) -> str:
    said = call.text("language", 10)
    return said if said.replace("-", "").isalnum() else call.agent.language or "fr"


def attached(call: Call) -> list[Attachment]:
    """Files that the agent sent and no post carries yet; one that is missing is told, not left out."""
    wanted = set(call.words("media_ids"))
    found = media.sent(call.me, call.ids("media_ids"))
    if len(found) != len(wanted):
        raise Invalid(_("Un des fichiers joints n’est plus là : envoyez-le de nouveau."))
    return found


def answered(call: Call) -> Post | None:
    """What is answered: absent and unreadable are one answer."""
    said = call.text("in_reply_to_id", 30)
    if not said:
        return None
    number = next(iter(call.ids("in_reply_to_id")), None)
    if number is None:
        raise NotHere(said)
    return numbered.find(call.me, number)


def key(call: Call) -> str:
    """By which a client asks again without having it written twice."""
    return call.request.headers.get("Idempotency-Key", "")[:KEY]
