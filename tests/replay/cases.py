"""A document as a case: what is delivered before it and by whom, and the effect that it must then have."""

from dataclasses import dataclass, field
from typing import Any

from federation.vocabulary import PUBLIC, as_list, id_of, ids_of
from tests.neighbour import AS2
from tests.replay import apart, expected
from tests.replay.corpus import Document, Row, swapped
from tests.replay.houses import Houses

ACTORS = {"Person", "Organization", "Group", "Application", "Service"}
WRITING = {"Create", "Update"}
REACTIONS = {"Like", "EmojiReact"}


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


def prepared(row: Row, number: int, world: World) -> Case:
    """Everything that this document needs stands ready in the houses of its own world."""
    case = Case(row, number, apart=apart.reason(row))
    document = world.houses.origins.moved(row.document, number)
    case.letter = letter(row.kind, document)
    case.signer = signer_of(case.letter)
    if not case.apart and not case.signer:
        case.apart = "names no one who sends it"
    if not case.signer:
        return case
    world.houses.actor(case.signer, group_or_person(case.letter), followers_of(case.letter, case.signer))
    stage = STAGES.get(type_of(case.letter))
    if stage:
        stage(case, world)
    return case


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
    people = [each for each in said if each not in (case.signer, followers)]
    return document if wide & set(said) or not people else swapped(document, people[0], world.agent)


def invented_note(uri: str, author: str, words: str = "bonjour") -> Document:
    note = {"@context": AS2, "id": uri, "type": "Note", "attributedTo": author, "to": [PUBLIC]}
    return note | {"content": f"<p>{words}</p>", "published": "2020-01-01T00:00:00Z"}


def activity(verb: str, actor: str, about: Any, uri: str) -> Document:
    return {"@context": AS2, "id": uri, "type": verb, "actor": actor, "object": about}


def create(case: Case, world: World) -> None:
    case.letter = for_us(case.letter, case, world)
    written = case.letter["object"]
    if isinstance(written, str):
        found = world.houses.find(written) or invented_note(written, case.signer)
        world.houses.serve(found)
        written = found
    case.expects = expected.post(written, case.signer, (world.houses.find(case.signer) or {}).get("followers", ""))


def update(case: Case, world: World) -> None:
    changed = case.letter.get("object")
    if not isinstance(changed, dict):
        case.apart = case.apart or "an Update without its object"
        return
    if id_of(changed) == case.signer:
        world.houses.actor(case.signer)
        if "inbox" in changed:
            world.houses.serve(changed)
        case.expects = {"effect": "actor", "uri": case.signer, "name": changed.get("name") or ""}
        return
    case.letter = for_us(case.letter, case, world)
    changed = case.letter["object"]
    draft = {k: v for k, v in changed.items() if k != "updated"} | {"content": "<p>avant</p>"}
    case.before = [activity("Create", case.signer, draft, f"{case.signer}#before")]
    followers = (world.houses.find(case.signer) or {}).get("followers", "")
    case.expects = expected.post(changed, case.signer, followers) | {"effect": "revised"}


def delete(case: Case, world: World) -> None:
    uri = id_of(case.letter.get("object"))
    if uri == case.signer:
        case.expects = {"effect": "departed", "uri": uri}
        return
    case.before = [activity("Create", case.signer, invented_note(uri, case.signer), f"{case.signer}#before")]
    case.expects = {"effect": "gone", "uri": uri}


def react(case: Case, world: World) -> None:
    case.letter = swapped(case.letter, id_of(case.letter.get("object")), world.post)
    case.expects = {"effect": "like", "actor": case.signer, "post": world.post}


def follow(case: Case, world: World) -> None:
    case.letter = swapped(case.letter, id_of(case.letter.get("object")), world.agent)
    case.expects = {"effect": "follow", "actor": case.signer, "state": "accepted"}


def answer(case: Case, world: World) -> None:
    """Our agent asked this very actor before: the letter answers that request (see `asked`)."""
    case.asks = case.signer
    state = "accepted" if type_of(case.letter) == "Accept" else "refused"
    case.expects = {"effect": "answered", "followed": case.signer, "state": state}


def asked(case: Case, world: World, uri: str) -> None:
    """The request is known by the id that we gave it."""
    about = case.letter.get("object")
    case.letter = swapped(case.letter, id_of(about), uri)
    if isinstance(about, dict) and id_of(about.get("actor")) != case.signer:
        case.letter = swapped(case.letter, id_of(about.get("actor")), world.agent)


def served_post(uri: str, world: World, whole: Any = None) -> str:
    """A public post at home in its own house, with an author who can be asked for."""
    found = whole if isinstance(whole, dict) and "attributedTo" in whole else world.houses.find(uri)
    author = author_of(found or {}) or "/".join([*uri.split("/")[:3], "users/author"])
    world.houses.actor(author, followers=followers_of(found or {}, author))
    world.houses.serve({"@context": AS2, **found} if found else invented_note(uri, author))
    return author


def announce(case: Case, world: World) -> None:
    if relays(case.letter):
        relay(case, world)
        return
    uri = id_of(case.letter.get("object"))
    served_post(uri, world, case.letter.get("object"))
    case.expects = {"effect": "boost", "actor": case.signer, "post": uri}


def relay(case: Case, world: World) -> None:
    """A group passes on what somebody did: it can be asked for in the house where it was done."""
    inner = case.letter["object"]
    verb, about, actor = type_of(inner), inner.get("object"), id_of(inner.get("actor"))
    world.houses.actor(actor, followers=followers_of(inner, actor))
    if verb in REACTIONS:
        case.letter = swapped(case.letter, id_of(about), world.post)
        world.houses.serve({"@context": AS2, **case.letter["object"]})
        case.expects = {"effect": "like", "actor": actor, "post": world.post}
    elif verb in WRITING and isinstance(about, dict):
        served_post(id_of(about), world, about)
        case.expects = {"effect": "boost", "actor": case.signer, "post": id_of(about)}
    elif verb == "Delete":
        world.houses.serve(None, id_of(about))
        case.before = [activity("Create", actor, invented_note(id_of(about), actor), f"{actor}#before")]
        case.expects = {"effect": "gone", "uri": id_of(about)}


def undo(case: Case, world: World) -> None:
    inner = case.letter.get("object")
    whole = inner if isinstance(inner, dict) else {"type": "Follow" if "follow" in str(inner) else "Like"}
    verb, target = type_of(whole), id_of(whole.get("object"))
    if verb not in (*REACTIONS, "Follow", "Announce"):
        case.apart = case.apart or f"takes back a {verb}, of which nothing is kept"
        return
    ours = {"Follow": world.agent, "Announce": target}.get(verb, world.post)
    if verb == "Announce":
        served_post(target, world)
    case.letter = swapped(case.letter, target, ours)
    done = activity(verb, case.signer, ours, id_of(inner) or f"{case.signer}#before")
    case.before = [done]
    case.expects = {"effect": "undone", "verb": verb, "actor": case.signer, "post": ours}


def block(case: Case, world: World) -> None:
    case.letter = swapped(case.letter, id_of(case.letter.get("object")), world.agent)
    case.expects = {"effect": "answered", "followed": case.signer, "state": "refused"}


def flag(case: Case, world: World) -> None:
    for place, uri in enumerate(ids_of(case.letter.get("object"))):
        case.letter = swapped(case.letter, uri, world.post if place else world.agent)
    case.expects = {"effect": "report", "uri": id_of(case.letter)}


def move(case: Case, world: World) -> None:
    target = id_of(case.letter.get("target"))
    if target:
        world.houses.actor(target, alsoKnownAs=[case.signer])
    case.expects = {"effect": "moved", "actor": case.signer, "to": target}


def pin(case: Case, world: World) -> None:
    uri = id_of(case.letter.get("object"))
    case.before = [activity("Create", case.signer, invented_note(uri, case.signer), f"{case.signer}#before")]
    if type_of(case.letter) == "Remove":
        target = {"target": case.letter.get("target")}
        case.before.append(activity("Add", case.signer, uri, f"{case.signer}#pinned") | target)
    case.expects = {"effect": "pinned", "uri": uri, "pinned": type_of(case.letter) == "Add"}


STAGES = {
    "Accept": answer, "Add": pin, "Announce": announce, "Block": block, "Create": create, "Delete": delete,
    "EmojiReact": react, "Flag": flag, "Follow": follow, "Like": react, "Move": move, "Reject": answer, "Remove": pin,
    "Undo": undo, "Update": update,
}  # fmt: skip
