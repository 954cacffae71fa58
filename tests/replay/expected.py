"""What a post must read like once it has arrived, told from the document alone."""

import re
from html import unescape
from typing import Any

from federation.vocabulary import PUBLIC_NAMES, as_list, id_of, ids_of, link_of
from tests.replay.corpus import Document


def post(document: Document, author: str, followers: str) -> Document:
    """Author, audience, words, place in a thread, and number of files in the author's own house."""
    said = {*ids_of(document.get("to")), *ids_of(document.get("cc"))}
    audience = "public" if said & PUBLIC_NAMES else "followers" if followers in said else "named"
    return {
        "effect": "post",
        "uri": id_of(document),
        "author": author,
        "audience": audience,
        "words": words(document),
        "files": len(files(document, author)),
        "in_reply_to": id_of(document.get("inReplyTo")),
    }


def words(document: Document) -> list[str]:
    """The beginning of each text that a reader must find: title, warning, content, options."""
    contents = document.get("contentMap")
    content = document.get("content") or (next(iter(contents.values()), "") if isinstance(contents, dict) else "")
    texts = [document.get("name"), document.get("summary"), content]
    texts += [each.get("name") for key in ("oneOf", "anyOf") for each in options(document.get(key))]
    return [plain for plain in (letters(each)[:30] for each in texts if isinstance(each, str)) if plain]


def options(value: Any) -> list[Document]:
    return [each for each in as_list(value) if isinstance(each, dict)]


def letters(text: str) -> str:
    """Nothing but letters and digits: marks, spaces, links and Markdown do not count."""
    bare = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL | re.IGNORECASE)
    return "".join(each for each in unescape(bare).lower() if each.isalnum())


def files(document: Document, author: str) -> set[str]:
    house = author.split("/")[2:3]
    urls = (link_of(each.get("url") or each.get("href")) for each in options(document.get("attachment")))
    return set([url for url in urls if url and url.split("/")[2:3] == house][:16])
