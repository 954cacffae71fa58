"""A document as a case: what is delivered before it and by whom, and the effect that it must then have."""

from dataclasses import dataclass, field
from typing import Any

from federation.vocabulary import PUBLIC, as_list, id_of, ids_of
from tests.neighbour import AS2
from tests.replay.corpus import Document, Row, swapped
from tests.replay.houses import Houses


@dataclass
class World:
    """Who and what is ours: an agent who follows the authors, and a public post of hers."""

    houses: Houses
    host: str
    agent: str
    post: str


@dataclass
class Case:
    row: Row
    number: int
    letter: Document = field(default_factory=dict)
    before: list[Document] = field(default_factory=list)
    signer: str = ""
    apart: str = ""
    expects: Document = field(default_factory=dict)
    asks: str = ""  # whom our agent asks to follow before
    status: int = 0
    state: str = ""
    reason: str = ""
    missing: str = ""


def signer_of(activity: Document) -> str:
    """The actor, if it lives in one of our houses."""
    uri = id_of(activity.get("actor"))
    return uri if uri.startswith("http://") and ".localhost:" in uri.split("/")[2] else ""


def type_of(document: Document) -> str:
    return str(next((each for each in as_list(document.get("type")) if isinstance(each, str)), ""))


def letter(kind: str, document: Document) -> Document:
    """An activity as it is; an object within a Create by its author; an actor within an Update of itself."""
    if kind == "activity":
        return document
    author = id_of(document) if kind == "actor" else author_of(document)
    verb = "Update" if kind == "actor" else "Create"
    envelope = {"@context": document.get("@context", AS2), "id": f"{id_of(document)}#{verb.lower()}", "type": verb}
    return {**envelope, "actor": author, **{k: document[k] for k in ("to", "cc") if k in document}, "object": document}


def author_of(document: Document) -> str:
    """The person among several authors: a channel or a group does not sign for her."""
    authors = as_list(document.get("attributedTo")) or as_list(document.get("actor"))
    people = [each for each in authors if not (isinstance(each, dict) and each.get("type") == "Group")]
    return next(iter(ids_of(people or authors)), "")


def group_or_person(activity: Document) -> str:
    return "Group" if activity.get("type") == "Announce" and relays(activity) else "Person"


def relays(activity: Document) -> bool:
    inner = activity.get("object")
    return isinstance(inner, dict) and "actor" in inner and "attributedTo" not in inner


def followers_of(document: Document, actor: str) -> str:
    inner = document.get("object")
    said = [*ids_of(document.get("to")), *ids_of(document.get("cc"))]
    if isinstance(inner, dict):
        said += [*ids_of(inner.get("to")), *ids_of(inner.get("cc"))]
    house = "".join(actor.split("/")[2:3])
    near = [each for each in said if each.split("/")[2:3] == [house]]
    return next((each for each in near if "follow" in each or "subscribers" in each), "")


def for_us(document: Any, case: Case, world: World) -> Any:
    """What is addressed to a few people only is addressed to our agent: one of them lives here."""
    inner = document["object"] if isinstance(document.get("object"), dict) else document
    said = [*ids_of(inner.get("to")), *ids_of(inner.get("cc"))]
    followers = (world.houses.find(case.signer) or {}).get("followers")
    wide = {PUBLIC, "as:Public", "Public", followers}
    people = [each for each in said if each not in (case.signer, followers, author_of(inner))]
    return document if wide & set(said) or not people else swapped(document, people[0], world.agent)


def invented_note(uri: str, author: str, words: str = "bonjour") -> Document:
    note = {"@context": AS2, "id": uri, "type": "Note", "attributedTo": author, "to": [PUBLIC]}
    return note | {"content": f"<p>{words}</p>", "published": "2020-01-01T00:00:00Z"}


def activity(verb: str, actor: str, about: Any, uri: str) -> Document:
    return {"@context": AS2, "id": uri, "type": verb, "actor": actor, "object": about}
