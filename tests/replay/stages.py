"""What stands ready in the houses of a document's own world before it is delivered, by the type of the activity."""

from typing import Any

from federation.vocabulary import id_of, ids_of
from tests.neighbour import AS2
from tests.replay import apart, expected
from tests.replay.cases import (
    Case,
    World,
    activity,
    author_of,
    followers_of,
    for_us,
    group_or_person,
    invented_note,
    letter,
    relays,
    signer_of,
    type_of,
)
from tests.replay.corpus import Row, swapped

WRITING = {"Create", "Update"}
REACTIONS = {"Like", "EmojiReact"}


def prepared(row: Row, number: int, world: World) -> Case:
    """Everything that this document needs stands ready in the houses of its own world."""
    case = Case(row, number, apart=apart.reason(row))
    document = world.houses.origins.moved(row.document, number)
    case.letter = letter(row.kind, document)
    case.signer = signer_of(case.letter)
    if not case.apart and not case.signer:
        case.apart = "is sent by nobody, or from what is no name of a host"
    if not case.signer:
        return case
    world.houses.actor(case.signer, group_or_person(case.letter), followers_of(case.letter, case.signer))
    stage = STAGES.get(type_of(case.letter))
    if stage:
        stage(case, world)
    return case


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
