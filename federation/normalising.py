"""Prefixed or expanded JSON-LD brought to the words that we read, without asking anybody what they mean.

What comes out has passed no check yet: it goes through the same ones as any document (`inbox.gate`).
"""

import json
import threading
import time
from typing import Any

from federation import allowances, contexts, plain_json, vocabulary
from federation.errors import Malformed, TryAgain
from federation.vocabulary import CONTEXT, as_list

SIZE = 64_000
SECONDS = 5.0
BRIEF = 0.1  # seconds that one waits for one's turn
WORK, SHARE = "normalising", (5.0, 0.2)  # seconds of it that one house may take at once, and in each second
_busy = threading.Semaphore(1)
Document = dict[str, Any]


def read(body: bytes, house: str) -> Document:
    """The one document of a letter of this house, in plain words."""
    return plain(plain_json.loads_one(body), house)


def plain(document: Document, house: str) -> Document:
    """The document itself when it reads plainly, or holds what is refused anyway; otherwise what it means in AS2.

    TryAgain for a house whose documents took more than its share of the time that this takes.
    """
    if vocabulary.reads_plainly(document) or vocabulary.has_graph(document):
        return document
    if len(json.dumps(document)) > SIZE:
        raise Malformed(f"not plain, and larger than {SIZE} bytes")
    contexts.must_be_simple(document)
    if not allowances.left(WORK, house, *SHARE):
        raise TryAgain(f"what {house} writes takes too long to read")
    begun = time.monotonic()
    try:
        return in_time(with_as2(document))
    finally:
        allowances.charge(WORK, house, *SHARE, time.monotonic() - begun)


def with_as2(document: Document) -> Document:
    """Where AS2 is not named, it is meant (Activity Streams 2.0, section 2.1), with the policy that forbids sharing.

    What a document names after them counts more.
    """
    named = document.get("@context", [])
    said = named if isinstance(named, list) else [named]
    return document | {"@context": [*contexts.ASSUMED, *said]}


def in_time(document: Document) -> Document:
    """One at a time, for a few seconds at most: whoever comes meanwhile is sent away, and holds no thread at the door.

    Within the limits above the worst takes less than half a second, so a longer one means a busy machine: try again.
    """
    library()
    if not _busy.acquire(timeout=BRIEF):
        raise TryAgain("another document is being read")
    made: list[Document | None] = []
    worker = threading.Thread(target=_work, args=(document, made), name="preau-normalising", daemon=True)
    worker.start()
    worker.join(SECONDS)
    if not made:
        raise TryAgain("the document could not be read in time")
    if made[0] is None:
        raise Malformed("JSON-LD that cannot be read")
    return made[0]


def _work(document: Document, made: list[Document | None]) -> None:
    try:
        made.append(compacted(document))
    except Exception:  # noqa: BLE001  however the library stumbles over a stranger's document: nothing was made of it
        made.append(None)
    finally:
        _busy.release()


def library() -> Any:
    """It takes 10 MB and a quarter of a second to load: only houses that meet such documents pay for it."""
    from pyld import jsonld

    return jsonld


def compacted(document: Document) -> Document:
    jsonld = library()
    options = {"base": "", "documentLoader": load, "processingMode": "json-ld-1.1"}
    expanded = jsonld.expand(document, options)
    if len(as_list(expanded)) != 1:
        raise ValueError("not one object")
    found: Document = jsonld.compact(expanded, contexts.OURS, options)
    return found | {"@context": CONTEXT}


def load(url: str, options: object = None) -> Document:
    """How the library asks for a context: nothing leaves the house."""
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url,
            "document": contexts.bundled(url)}  # fmt: skip
