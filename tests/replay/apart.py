"""Which documents cannot have an effect here, by what they are: told from the document alone, before delivery."""

import json
from typing import Any
from urllib.parse import urlsplit

from federation.vocabulary import as_list, id_of, ids_of
from inbox.activities import HANDLERS
from tests.replay.corpus import Document, Row

HOLES = ("{{", "` +", "SCRUBBED_ID")
KEPT = ("Follow", "Like", "EmojiReact", "Announce")


def reason(row: Row) -> str:
    document = row.document
    if any(hole in json.dumps(document, ensure_ascii=False) for hole in HOLES):
        return "is a template: its ids are holes"
    if row.kind == "collection":
        return "is a collection: those are read, never delivered"
    return {"activity": of_activity, "object": of_object, "actor": of_actor}[row.kind](document)


def house(uri: object) -> str:
    return urlsplit(uri).netloc.lower() if isinstance(uri, str) and uri.startswith("http") else ""


def of_actor(document: Document) -> str:
    if not house(document.get("id")):
        return "has no web address for an id"
    if not isinstance(document.get("inbox"), str) or house(document["inbox"]) != house(document["id"]):
        return "is an actor without an inbox in its house: nobody could answer it"
    return "" if document.get("preferredUsername") else "is an actor without a handle"


def of_object(document: Document) -> str:
    authors = ids_of(document.get("attributedTo")) or ids_of(document.get("actor"))
    if not document.get("type") or not house(document.get("id")):
        return "has no web address for an id, or no type: a fragment"
    if not authors:
        return "names no author: a fragment"
    if {house(each) for each in authors} != {house(document["id"])}:
        return "is attributed across houses: a forgery"
    if document["type"] in ("QuoteAuthorization", "Tombstone", "Edition"):
        return f"is a {document['type']}: no post"
    if not ids_of(document.get("to")) and not ids_of(document.get("cc")):
        return "is addressed to nobody"
    return ""


def of_activity(document: Document) -> str:
    kinds = [each for each in as_list(document.get("type")) if each in HANDLERS]
    actor, about = id_of(document.get("actor")), document.get("object")
    if not kinds:
        return f"is {document.get('type')}: unknown, kept and ignored"
    if not house(actor) or not house(document.get("id")):
        return "has no web address for an id, or no actor: a fragment"
    if house(actor) != house(document["id"]):
        return "speaks for another house: a forgery"
    return {"Create": written, "Update": changed, "Delete": owned, "Undo": undone, "Accept": answered,
            "Reject": answered, "Add": pinned, "Remove": pinned, "Move": moved, "Announce": relayed,
            }.get(kinds[0], lambda *_: "")(document, actor, about)  # fmt: skip


def written(document: Document, actor: str, about: Any) -> str:
    if not isinstance(about, dict):
        return ""
    if not house(about.get("id")):
        return "holds an object without an id: nobody could answer it"
    authors = ids_of(about.get("attributedTo")) or ids_of(about.get("actor"))
    if not authors:
        return "holds an object that names no author: a fragment"
    if {house(each) for each in [about["id"], *authors]} != {house(actor)}:
        return "holds what was written in another house: a forgery"
    if about.get("type") == "Note" and about.get("inReplyTo") and about.get("name") and not about.get("content"):
        return "is a vote in a poll that is not ours"
    return "" if ids_of(about.get("to")) or ids_of(about.get("cc")) else "is addressed to nobody"


def changed(document: Document, actor: str, about: Any) -> str:
    if isinstance(about, dict) and house(about.get("id")) != house(actor):
        return "changes what lives in another house"
    if isinstance(about, dict) and "inbox" in about:
        return of_actor(about) if about.get("id") == actor else "describes somebody else"
    return written(document, actor, about)


def owned(document: Document, actor: str, about: Any) -> str:
    return "" if house(id_of(about)) == house(actor) else "removes what lives in another house"


def undone(document: Document, actor: str, about: Any) -> str:
    kind = about.get("type") if isinstance(about, dict) else "Like"
    if kind not in KEPT:
        return f"takes back a {kind}, of which nothing is kept"
    return "" if house(id_of(about)) or isinstance(about, dict) else "takes back what has no web address"


def answered(document: Document, actor: str, about: Any) -> str:
    if isinstance(about, dict) and about.get("type") == "Follow":
        return "" if id_of(about.get("object")) == actor else "answers what was asked of somebody else"
    return "answers something else than a Follow"


def pinned(document: Document, actor: str, about: Any) -> str:
    target = id_of(document.get("target"))
    return "" if target.startswith(actor) else "is a moderator's, in somebody else's collection"


def moved(document: Document, actor: str, about: Any) -> str:
    return "" if id_of(about) == actor != id_of(document.get("target")) else "moves somebody else, or nowhere"


def relayed(document: Document, actor: str, about: Any) -> str:
    if not isinstance(about, dict) or "actor" not in about or "attributedTo" in about:
        return "" if house(id_of(about)) else "shares what has no web address"
    if about.get("type") not in ("Create", "Update", "Delete", "Like", "EmojiReact"):
        return f"relays {about.get('type')}: unknown, kept and ignored"
    return ""
