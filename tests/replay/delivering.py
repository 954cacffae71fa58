"""The replay itself: the world is prepared, every letter is signed and posted, and the database is asked."""

import json
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from federation import normalising
from federation.errors import Refused
from federation.vocabulary import id_of
from inbox import gate
from tests.replay import corpus, stages
from tests.replay.cases import Case, World
from tests.replay.houses import Houses
from tests.towns import TROUBLE, Town

PATIENCE = 300.0
LOOKING = "__import__('tests.replay.looking').replay.looking"


def replay(folder: Path, rows: list[corpus.Row] | None = None) -> tuple[list[Case], list[str]]:
    """What became of every document, and the contexts that were asked for (none, ever)."""
    rows = list(corpus.rows()) if rows is None else rows
    houses = Houses()
    houses.learn(rows)
    try:
        with Town("saint-aubin", folder, PREAU_PUBLIC_POSTS="1", PREAU_LOG_LEVEL="WARNING") as town:
            return through(town, houses, rows), houses.contexts_asked
    finally:
        houses.stop()


def through(town: Town, houses: Houses, rows: list[corpus.Row]) -> list[Case]:
    agent, post = ask(town, "open_house")
    world = World(houses, town.host, agent, post)
    found = [stages.prepared(row, number, world) for number, row in enumerate(rows, start=1)]
    introduce(town, world, found)
    for case in found:
        for letter in case.before:
            deliver(town, houses, case, letter)
        case.status = deliver(town, houses, case, case.letter)
    wait(town)
    look(town, found)
    return found


def ask(town: Town, function: str, *arguments: Any) -> Any:
    said = ", ".join(repr(each) for each in arguments)
    return town.ask(f"{LOOKING}.{function}({said})")


def introduce(town: Town, world: World, found: list[Case]) -> None:
    """The houses are allowed, our agent follows the authors, and has asked those who will answer."""
    text = json.dumps([[case.letter, case.before] for case in found]) + json.dumps(list(world.houses.documents))
    number = {f"n{case.number}" for case in found}
    hosts = {each for each in HOST.findall(text) if each.split(".")[-2] in number}
    ask(town, "list_houses", sorted(hosts))
    senders = {case.signer for case in found if case.signer} | {
        id_of(letter["actor"]) for case in found for letter in case.before if case.signer
    }
    asking = {case.asks for case in found if case.asks}
    made = ask(town, "prepare", sorted(senders - asking), sorted(asking))
    for case in found:
        if case.asks:
            stages.asked(case, world, made.get(f"ask {case.asks}", ""))
        case.reason = made.get(case.signer, "")


HOST = re.compile(r"http://([a-z0-9.-]+\.localhost:[0-9]+)")


def deliver(town: Town, houses: Houses, case: Case, letter: dict[str, Any]) -> int:
    """The status of the answer; 0 when there is nobody to sign."""
    signer = id_of(letter.get("actor"))
    if not case.signer:
        return 0
    body = json.dumps(letter).encode()
    headers = houses.sign("/ap/inbox", body, signer, town.host)
    with suppress(*TROUBLE):
        status, said = town.call("POST", "/ap/inbox", body, headers)
        if letter is case.letter and status != 202:
            case.reason = case.reason or form_of(body) or json.loads(said).get("error", "")
        return status
    return 599


def form_of(body: bytes) -> str:
    """Why the gate refuses the form of this letter; the answer itself only names the rule."""
    try:
        gate.check_form(normalising.read(body, ""))
    except Refused as reason:
        return str(reason)
    return ""


def wait(town: Town) -> None:
    deadline = time.monotonic() + PATIENCE
    while town.ask("Receipt.objects.filter(state='waiting', attempts=0).count()"):
        if time.monotonic() > deadline:
            break
        time.sleep(0.2)


def look(town: Town, found: list[Case]) -> None:
    kept = ask(town, "receipts", [str(case.letter.get("id")) for case in found])
    lacking = ask(town, "judge", [case.expects for case in found])
    for case, lack in zip(found, lacking, strict=True):
        case.missing = lack
        if case.status == 202:
            case.state, case.reason = kept.get(str(case.letter.get("id")), ["lost", ""])
