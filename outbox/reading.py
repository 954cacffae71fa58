"""What a post from elsewhere says, read from its document alone: nothing here asks the database."""

import re
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, now

from actors.models import Actor
from federation import peers, words
from federation.errors import WrongActor
from federation.vocabulary import as_list, id_of, ids_of, link_of, text_of
from outbox import text

Document = dict[str, Any]
ATTACHMENTS, TAGS, SUBJECTS = 16, 256, 64


def check_author(author: Actor, document: Document) -> str:
    """The post's id, if its author speaks for it, in her own house; co-authors of that house may stand beside her."""
    uri, authors = id_of(document), ids_of(document.get("attributedTo"))
    houses = {peers.authority_of(each) for each in [uri, *authors]}
    if author.uri not in authors or houses != {author.host}:
        raise WrongActor(f"{author.uri} does not write for {authors[:3]}")
    return uri


def tags_of(document: Document, type: str) -> list[Document]:
    return [tag for tag in as_list(document.get("tag"))[:TAGS] if isinstance(tag, dict) and tag.get("type") == type]


def mentioned(document: Document) -> set[str]:
    """Those whom the text names: a mention is no address."""
    return {id_of(tag.get("href")) for tag in tags_of(document, "Mention")} - {""}


def subjects(document: Document) -> set[str]:
    said = {text_of(tag.get("name"), 100).lstrip("#").lower() for tag in tags_of(document, "Hashtag")[:SUBJECTS]}
    return {name for name in said if text.SUBJECT.fullmatch(name)}


def attachments(document: Document, host: str) -> dict[str, Document]:
    """What is attached, by the address it is fetched from: one of the author's own house."""
    wanted: dict[str, Document] = {}
    for each in [a for a in as_list(document.get("attachment")) if isinstance(a, dict)][:ATTACHMENTS]:
        url = link_of(each.get("url") or each.get("href"))
        if peers.lives_at(url, host):
            wanted.setdefault(url, described(each))
    return wanted


def described(said: Document) -> Document:
    """The columns of an attachment, as its author's house describes it."""
    media_type, name = text_of(said.get("mediaType"), 100), words.line(said.get("name"), 1500)
    kind = "image" if media_type.startswith("image/") or said.get("type") == "Image" else "document"
    focus_x, focus_y = focus(said.get("focalPoint"))
    return {
        "focus_x": focus_x,
        "focus_y": focus_y,
        "kind": kind,
        "media_type": media_type or "application/octet-stream",
        "description": name if kind == "image" else "",
        "name": name[:200] if kind == "document" else "",
    }


def focus(said: object) -> tuple[float, float]:
    """Where one looks first in a picture, from -1 to 1 rightwards and upwards; its middle when that is not said."""
    point = said if isinstance(said, list) and len(said) == 2 else []
    found = [float(each) for each in point if isinstance(each, int | float) and -1 <= each <= 1]
    return (found[0], found[1]) if len(found) == 2 else (0.0, 0.0)


def sensitive(document: Document) -> bool:
    return document.get("sensitive") is True


def closed(document: Document) -> Document:
    """What the author's house lets nobody do with the post."""
    deeds = [deed for deed, rule in (("reply", "canReply"), ("like", "canLike")) if not permits(document, rule)]
    return {"closed": deeds} if deeds else {}


def permits(document: Document, name: str) -> bool:
    """GoToSocial's `interactionPolicy`: a rule, such as `canAnnounce`, that lets nobody forbids it."""
    policy = document.get("interactionPolicy")
    rule = policy.get(name) if isinstance(policy, dict) else None
    if not isinstance(rule, dict):
        return True
    return any(as_list(rule.get(key)) for key in ("always", "automaticApproval"))


def language(document: Document) -> str:
    contents = document.get("contentMap")
    said = str(next(iter(contents), "")) if isinstance(contents, dict) else ""
    return said if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z]{2,4})?", said) else "fr"


def moment(value: object) -> datetime:
    """When a peer says it was; now, when it does not say, says it badly, or speaks of the future."""
    try:
        at = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    return now() if at is None or is_naive(at) or at > now() or at.year < 2000 else at
