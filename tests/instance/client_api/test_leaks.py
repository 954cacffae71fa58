"""Every address of the API is asked by everyone, with every kind of token: what is not for them is in no answer.

What one may not read answers as what does not exist, and what is another's is not touched (rows 77 to 91, 95).
"""

import re

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

from actors.models import Attempt
from instance import applications, media_links
from instance.client_api import describing
from instance.client_api.asked_for import asked_by
from instance.client_api.door import APP, PUBLIC
from outbox import publishing
from outbox.audience import Reach
from outbox.drafts import Draft
from tests.instance.client_api import standing
from tests.instance.client_api.belongings import Unknown, belongings, named, place
from tests.lookers import HOST, Looker, answer_of
from tests.rounds import BYTES, ON_PAGES, none_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OPERATIONS = list(describing.operations())
NUMBERS = {"post number", "reply number", "share number"}
SEALED = re.compile(rb"http://[^\"\s]+/(?:medias|portraits)/[^\"\s]+")
ROOMS = ("federation", "actors", "outbox", "inbox", "instance")


@pytest.fixture
def parts(canaries):
    """What betrays each canary: its words, ids and bytes, and the digits by which clients know it."""
    return {
        (each.home, each.code): each.parts
        | dict(zip(sorted(NUMBERS), (str(n).encode() for n in ordered(each)), strict=True))
        for each in canaries
    }


def ordered(canary):
    post, reply, share = standing.numbers(canary)
    return post, reply, share


@pytest.fixture
def readers(people, canaries, api, julien):
    return standing.readers(people, canaries, api, julien)


def test_every_route_says_what_it_is_to_be_asked_for():
    for operation in OPERATIONS:
        if operation.places:
            place(operation.route)
        for name, its in asked_by(operation.view).items():
            named(operation.route, name, its.kind)


def test_a_new_route_that_nobody_can_fill_says_what_to_add():
    with pytest.raises(Unknown, match="api/v1/dossiers/<id:pk> is new: add its beginning to PLACES"):
        place("api/v1/dossiers/<id:pk>")
    with pytest.raises(Unknown, match="The parameter dossier_id of api/v1/dossiers is new: add it to NAMED"):
        named("api/v1/dossiers", "dossier_id", "text")


def test_what_one_may_not_read_is_in_no_answer_and_what_one_may_is(readers, parts, canaries):
    """Bodies, headers, Link, and what stands at the sealed addresses that she is shown."""
    rounds = [Round(each, parts) for each in readers]
    for each in rounds:
        each.look_around()
        each.search()
    none_of(fault for each in rounds for fault in each.wrong)
    none_of(fault for each in rounds for fault in each.missing())
    none_of(fault for each in readers for fault in opened(each, readers, canaries))


class Round:
    """What one of them is shown, everywhere."""

    def __init__(self, reader, parts):
        self.reader, self.parts = reader, parts
        self.wrong, self.seen, self.fetched = [], set(), set()

    def may_read(self, home, code):
        return code in (self.reader.looker.here if home == "here" else self.reader.looker.next_door)

    def note(self, asked, whole):
        for where, found in self.parts.items():
            names = [name for name, word in found.items() if word in whole and word not in asked.encode()]
            self.seen |= {(*where, name) for name in names}
            if not self.may_read(*where):
                self.wrong += [(str(self.reader), asked, *where, name) for name in names]

    def look_around(self):
        for operation in OPERATIONS:
            if operation.method != "GET":
                continue
            if not operation.places:
                self.show(operation, f"/{operation.route}")
            for path, _each, said in self.reader.questions(operation, self.reader.ids.get):
                self.show(operation, path, *said)

    def show(self, operation, path, *said):
        answer = self.reader.put(operation, path, *said)
        self.note(f"{path} {said}", answer.whole)
        for url in set(SEALED.findall(answer.body)) - self.fetched:
            self.fetched.add(url)
            self.fetch(url.decode())

    def fetch(self, url):
        """Without a token, as an <img> does."""
        nobody = Client(headers={"host": HOST})
        found = answer_of(nobody.get(url))
        self.note(url, found.whole)
        if found.status != 200:
            self.wrong.append((str(self.reader), url, found.status))

    def search(self):
        for where, found in self.parts.items():
            for name in ("text", "tag"):
                asked = f"/api/v2/search?q={found[name].decode()}"
                self.note(f"{asked} {where}", self.reader.ask("GET", asked).whole)

    def missing(self):
        """That she saw nothing would prove nothing: all of what is for her was shown."""
        for home, code in self.parts:
            for name in sorted((ON_PAGES | BYTES | NUMBERS) - {"file", "share number"}):
                if self.may_read(home, code) and (home, code, name) not in self.seen:
                    yield str(self.reader), home, code, name


def test_what_is_not_for_one_is_as_absent_and_is_not_touched(readers, parts):
    """Reading and deeds, by the address and by every parameter that names something (rows 77, 78, 83)."""
    wrong = []
    for each in readers:
        if each.looker.agent.agent.is_admin:
            continue  # to do something to another's, an admin is anyone
        before, shown = rows(), Round(each, parts)
        with transaction.atomic():
            for operation in OPERATIONS:
                wrong += otherwise(each, operation, shown)
            wrong += [(str(each), "changed", name) for name, found in rows().items() if found != before[name]]
            transaction.set_rollback(True)
        wrong += shown.wrong
    none_of(wrong)


def otherwise(reader, operation, shown):
    """Where what she may not read or is not hers answers otherwise than what is not."""
    alike: dict[tuple, dict] = {}

    def asked_for(kind):
        return [*reader.hidden[kind], standing.absent(kind)] if reader.hidden.get(kind) else []

    for path, each, said in reader.questions(operation, asked_for):
        answer = reader.put(operation, path, *said)
        shown.note(f"{path} {said}", answer.whole)
        alike.setdefault(said[:1], {})[standing.as_if(answer, each)] = (path, said, answer.status)
        if not said and answer.status != 404:
            yield str(reader), operation.method, path, answer.status
    for answers in alike.values():
        if len(answers) > 1:
            yield str(reader), operation.method, *answers.values()


def rows():
    """Everything that the house knows, but how often a door was tried."""
    models = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    return {each.__name__: list(each.objects.order_by("pk").values_list()) for each in models if each is not Attempt}


def opened(reader, readers, canaries):
    """What opens though she may not read it, even sealed with the house's own key; or for another than it names."""
    nobody = Client(headers={"host": HOST})
    other = readers[readers[0] is reader].looker.agent
    for canary in canaries:
        for file in canary.files():
            url = media_links.url(file, reader.looker.agent)
            if nobody.get(url).status_code != (200 if reader.looker.may_read(canary) else 404):
                yield str(reader), canary.home, canary.code, "sealed for her"
            if nobody.get(re.sub(r"pour=\d+", f"pour={other.pk}", url)).status_code != 404:
                yield str(reader), canary.home, canary.code, "sealed for her, asked as another's"


@pytest.fixture
def tokens(api, julien):
    """Three of the six kinds; others' and the owner's are those of the readers, and another scope depends on it."""
    revoked = api(julien, "read write")
    applications.show_out(julien.agent, revoked.application.pk)
    return {"none": Client(headers={"host": HOST}), "application": api(None), "revoked": revoked}


def test_each_kind_of_token_is_refused_as_it_should_be(tokens, api, julien, helene):
    """401 without one that is worth something, 403 for another scope, or for an application where an agent must be."""
    wrong = []
    post = publishing.publish(helene, Draft("Bonjour"), Reach("organisation"))
    owner = standing.Reader(Looker("the owner"), api(julien), belongings(julien, helene, post))
    reading, writing = api(julien, "read push"), api(julien, "write push")
    for operation in OPERATIONS:
        scope, path = operation.view.scope, owner.right(operation)
        if scope == PUBLIC:
            continue
        for kind, client in tokens.items():
            wrong += refused(client, operation, path, kind, 403 if kind == "application" else 401)
        other = api(julien, "read write") if scope == "push" else writing if scope[:4] in ("read", "prof") else reading
        wrong += refused(other, operation, path, "another scope", 403)
    none_of(wrong)


def refused(client, operation, path, kind, expected):
    if kind == "application" and operation.view.who == APP:
        return
    answer = client.generic(operation.method, path, b"{}", content_type="application/json")
    if answer.status_code != expected or set(answer.json()) != {"error"}:
        yield operation.name, kind, answer.status_code, answer.content[:200]
