"""Those who look at the house, each in her own way: with a session, with a signature, or with nothing."""

import json
import re
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property

from django.db import transaction
from django.test import Client

from actors.models import Actor
from tests.canaries import CODES, TALK
from tests.neighbour import Neighbour

HOST = "localhost:8000"
CHANGING = re.compile(rb"(csrf-token|csrfmiddlewaretoken|csrftoken)(\W+(?:value|content)?\W*)[A-Za-z0-9]{32,64}")
DATES = re.compile(r"expires=[^;]*", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: str
    body: bytes

    @cached_property
    def whole(self):
        return self.headers.encode() + b"\n" + self.body

    def without(self, *words):
        """As it would be for any other thing: the words of the request, and what changes each time, are taken out."""
        whole = CHANGING.sub(rb"\1\2", self.whole)
        for word in words:
            whole = whole.replace(word.encode(), b"*")
        return self.status, whole


def answer_of(response):
    headers = "\n".join(f"{name}: {value}" for name, value in sorted(response.headers.items()))
    cookies = DATES.sub("", response.cookies.output())
    return Answer(response.status_code, f"{headers}\n{cookies}", response.getvalue())


@dataclass
class Looker:
    """`here` and `next_door` are the audiences of which she may read the canaries."""

    name: str
    here: tuple[str, ...] = ()
    next_door: tuple[str, ...] = ()
    agent: Actor | None = None
    house: Neighbour | None = None
    signer: str = ""
    suspended: bool = False
    browser: Client = field(default_factory=lambda: Client(headers={"host": HOST}))

    def __post_init__(self):
        if self.agent:
            self.browser.force_login(self.agent.agent)
        self.cookies = copy(self.browser.cookies)

    def __str__(self):
        return self.name

    def may_read(self, canary):
        return canary.code in (self.here if canary.home == "here" else self.next_door)

    def get(self, path, **headers):
        if self.house:
            found = self.house.get(self.browser, f"http://{HOST}{path}", signer=self.signer, **headers)
        else:
            found = self.browser.get(path, headers=headers)
        return answer_of(found)

    def post(self, path, data, letter):
        """What a deed answers; nothing of it lasts."""
        with transaction.atomic():
            if self.house:
                body = json.dumps(letter | {"actor": self.signer}).encode()
                found = self.house.post(self.browser, body, signer=self.signer, path=path)
            else:
                found = self.browser.post(path, data)
            answer = answer_of(found)
            transaction.set_rollback(True)
        self.browser.cookies = copy(self.cookies)
        return answer


def lookers(people):
    """Six kinds, some of them twice: see the names."""
    vernay, all_agents = people.vernay, ("organisation", *TALK)
    in_service = CODES
    away = ("named", "followers", *TALK)
    return [
        Looker("nobody"),
        Looker("an agent who is in every audience", in_service, away, people.ines),
        Looker("an agent who is in none that is chosen", all_agents, TALK, people.helene),
        Looker("an admin", all_agents, TALK, people.awa),
        Looker("an agent whom the author blocked", (), TALK, people.oscar),
        Looker("an agent who is suspended", agent=people.sacha, suspended=True),
        Looker("a colleague of a partner who is in", away, away, house=vernay, signer=vernay.lucie),
        Looker("that partner's instance actor", away, ("public",), house=vernay, signer=vernay.house),
        Looker("a colleague there who is not in", TALK, ("public",), house=vernay, signer=people.marc),
        Looker("a colleague there whom the author blocked", (), ("public",), house=vernay, signer=people.eve),
        Looker(
            "the instance actor of a partner that was not chosen",
            ("partners", "public"),
            ("public",),
            house=people.montclar,
            signer=people.montclar.house,
        ),
        Looker(
            "someone of a house that is no partner", ("public",), ("public",), house=people.fleuve, signer=people.bob
        ),
        Looker("someone of a suspended house", house=people.closed, signer=people.paul, suspended=True),
        Looker("a stranger of an unlisted house", house=people.unlisted, signer=people.mallory, suspended=True),
    ]
