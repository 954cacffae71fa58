"""The agents of a house say their lines: each post once what it answers has come, then what others found useful."""

import hashlib
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from actors.models import Actor
from deploy.demo import cast, drawing, papers, script
from deploy.demo.cast import Person
from deploy.demo.parts import Part
from deploy.demo.script import Line, delay
from deploy.demo.settling import actor
from deploy.demo.steps import Tell
from federation.errors import NotHere
from federation.models import Peer
from outbox import drafts, media, posts, publishing, reactions
from outbox.audience import Reach, of_reply

PATIENCE = 90.0  # seconds without a single line that could be said
NAMED = re.compile(r"@\[([^]]+)\]")


class Silence(Exception):
    """What some line answers never came."""


def heard(part: Part, key: str, viewer: Actor) -> posts.Post | None:
    """The post of a line, once it was said and has reached this house, if `viewer` may read it."""
    written = part.plan.notes / key
    try:
        return posts.find_by_uri(viewer, written.read_text()) if written.exists() else None
    except NotHere:
        return None


def say_all(part: Part, tell: Tell) -> None:
    """In no order but that of answers, as letters come in; dates are those of the script anyway."""
    lines = script.lines(part.plan.people, part.plan.begun)
    waiting = [line for line in lines if line.by.town == part.town.key]
    total, last = len(waiting), time.monotonic()
    while waiting:
        said = [line for line in waiting if say(part, line)]
        waiting = [line for line in waiting if line not in said]
        tell(total - len(waiting), total)
        last = time.monotonic() if said else last
        if time.monotonic() - last > PATIENCE:
            raise Silence(f"{waiting[0].answers} has not come")
        time.sleep(0 if said else 0.3)


def say(part: Part, line: Line) -> bool:
    """Publish the line; False while what it answers has not come."""
    author = actor(part, line.by)
    parent = heard(part, line.answers, author) if line.answers else None
    if line.answers and parent is None:
        return False
    reach = of_reply(parent, author) if parent else reach_of(part, line, author)
    post = publishing.publish(author, draft(part, line, author), reach, parent, line.at)
    note(part.plan.notes / line.key, post.uri)
    return True


def note(path: Path, uri: str) -> None:
    """Whole or not at all: other houses are reading."""
    partial = path.with_name(f"{path.name}.new")
    partial.write_text(uri)
    partial.rename(path)


def reach_of(part: Part, line: Line, author: Actor) -> Reach:
    houses = Peer.objects.filter(host__in=[part.plan.towns[key].host for key in line.told.get("houses", [])])
    people = [actor(part, part.plan.people[name]) for name in line.told.get("named", []) if name in part.plan.people]
    service = author.service if line.audience == "service" else None
    return Reach(line.audience, houses=tuple(houses), named=tuple(people), service=service)


def draft(part: Part, line: Line, author: Actor) -> publishing.Draft:
    source = with_addresses(part, line.text)
    if line.answers:
        return publishing.Draft(source)
    kind, title = line.told.get("kind", "note"), line.told.get("title", "")
    return publishing.Draft(source, kind, title, attachments=tuple(attachments(line, author)))


def attachments(line: Line, author: Actor) -> Iterator[posts.Attachment]:
    for key, description in line.told.get("images", []):
        yield media.take_image(author, f"{key}.png", picture(key), description)
    for key in line.told.get("documents", []):
        yield media.take_document(author, *papers.paper(key))


def picture(key: str) -> bytes:
    canvas = drawing.Canvas(drawing.read(cast.CONTENT / "drawings" / f"{key}.txt"), 960, 600, 1.5)
    canvas.draw()
    return canvas.png()


def with_addresses(part: Part, text: str) -> str:
    """`@[Yacine Belkacem]` as one would write it, or his name alone when he is not there."""

    def address(match: re.Match[str]) -> str:
        person = part.plan.people.get(match[1])
        return actor(part, person).address if person else match[1]

    return NAMED.sub(address, text)


def react_all(part: Part, tell: Tell) -> None:
    """What the agents of this house find useful; what they share with their colleagues, and correct of their own."""
    lines = script.lines(part.plan.people, part.plan.begun)
    pairs = [(line, person) for line in lines for person in pleased(line, part.plan.people)]
    pairs = [(line, person) for line, person in pairs if person.town == part.town.key]
    for done, (line, person) in enumerate(pairs, 1):
        reader = actor(part, person)
        if post := heard(part, line.key, reader):
            reactions.like(reader, post)
        tell(done, len(pairs))
    for line in lines:
        if not line.answers and line.by.town == part.town.key:
            share_and_correct(part, line)


def pleased(line: Line, people: dict[str, Person]) -> list[Person]:
    """As many as the script says, drawn among those of whom the audience may be made."""
    readers = [person for person in people.values() if person != line.by and may_read(line, person)]
    return sorted(readers, key=lambda person: hashlib.sha256(f"{line.key} {person.name}".encode()).digest())[
        : line.useful
    ]


def may_read(line: Line, person: Person) -> bool:
    """A guess that saves time; the verbs decide."""
    opener = line.told["by"]
    at_home = person.town == line.by.town
    return {
        "service": at_home and person.service == line.by.service,
        "organisation": at_home,
        "chosen_partners": at_home or person.town in line.told.get("houses", []),
        "named": person.name in [opener, *line.told.get("named", [])],
    }.get(line.audience, True)


def share_and_correct(part: Part, line: Line) -> None:
    author = actor(part, line.by)
    post = heard(part, line.key, author)
    if post is None:
        raise Silence(f"{line.key} was lost at home")
    for name in line.told.get("boosts", []):
        if name in part.plan.people:
            reactions.boost(actor(part, part.plan.people[name]), post)
    if edit := line.told.get("edit"):
        draft = replace(drafts.of(post), source=with_addresses(part, edit["text"].strip()))
        publishing.edit(author, post, draft, line.at + delay(edit["after"]))
