"""What a client sends to correct a status, read as a draft of what the post is to be."""

import re
from typing import Any

from django.utils.translation import gettext as _

from instance.client_api import polls, windows
from instance.client_api.door import Call, Invalid
from outbox import drafts, media
from outbox.drafts import Draft
from outbox.posts import Attachment, Post

FOCUS = re.compile(r"(-?\d(?:\.\d{1,9})?),(-?\d(?:\.\d{1,9})?)")


def draft(call: Call, post: Post) -> Draft:
    """As Mastodon reads it: files that are not named any more are taken away, the rest stays when it is not said."""
    before = drafts.of(post)
    said = call.text("language", 10)
    warned = "sensitive" in call.given or "spoiler_text" in call.given
    return Draft(
        call.text("status", default=before.source),
        kind=before.kind,
        title=call.text("spoiler_text", 300, before.title),
        language=said if said and said.replace("-", "").isalnum() else before.language,
        attachments=tuple(files(call, before)),
        sensitive=bool(call.flag("sensitive", False)) if warned else before.sensitive,
        poll=polls.wanted(call),
    )


def files(call: Call, before: Draft) -> list[Attachment]:
    """Those of the post that are named, and those that its author sent for it, as they are to be described."""
    there = {each.pk: each for each in before.attachments}
    wanted = list(dict.fromkeys(call.ids("media_ids")))
    new = {each.pk: each for each in media.sent(call.me, [pk for pk in wanted if pk not in there])}
    found = there | new
    if any(pk not in found for pk in wanted) or len(set(call.words("media_ids"))) != len(wanted):
        raise Invalid(_("Un des fichiers joints n’est plus là : envoyez-le de nouveau."))
    for said in call.forms("media_attributes"):
        if row := found.get(windows.bound(said.get("id")) or 0):
            describe(row, said)
    return [found[pk] for pk in wanted]


def describe(row: Attachment, said: dict[str, Any]) -> None:
    """On the row that was read, and not in the database: the edit does that, and tells of it."""
    if isinstance(said.get("description"), str):
        row.description = said["description"].replace("\0", "").strip()[:1500]
    if found := FOCUS.fullmatch(str(said.get("focus", "")).replace(" ", "")):
        row.focus_x, row.focus_y = (max(-1.0, min(1.0, float(each))) for each in found.groups())
