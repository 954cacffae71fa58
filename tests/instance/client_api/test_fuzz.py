"""Whatever is asked of the API is answered: refused with a sentence or done, as JSON, soon, and never by a fault.

Each parameter is tried with some of what is odd, the next one with the next; `PREAU_FUZZ=200` tries each with all of
it, and asks each operation that many questions of chance, instead of a few.
"""

import itertools
import json
import os
from contextlib import suppress
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from requests import Request

from instance import applications
from instance.client_api import describing
from instance.client_api.asked_for import WINDOW, asked_by
from outbox import publishing
from outbox.audience import Reach
from outbox.drafts import Draft, Poll
from tests.instance.client_api import nasty
from tests.instance.client_api.asking import ask
from tests.instance.client_api.belongings import belongings, filled, place
from tests.rounds import none_of
from tests.world_of_applications import ALL

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
QUESTIONS = int(os.environ.get("PREAU_FUZZ", "3"))
TURNS = itertools.count()
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
OPERATIONS = {each.name: each for each in describing.operations()}


@pytest.fixture
def mine(aubin, julien, helene, follows, application):
    """What Julien has, by the names of the lists of ids, and his token as `secret`."""
    follows(helene, julien), follows(julien, helene)
    post = publishing.publish(helene, Draft("Bonjour #roses"), Reach("organisation"))
    asked = publishing.publish(helene, Draft("Que planter ?", poll=Poll(("A", "B"), 3600)), Reach("organisation"))
    found: dict = belongings(julien, helene, post)
    found["numbers"] = [post.number, asked.number, *found["numbers"]]
    found["secret"] = applications.give(application(scopes=ALL), ALL, julien.agent)
    return found


def path_of(operation, mine, number=0):
    if not operation.places:
        return f"/{operation.route}"
    ids = mine[place(operation.route)]
    return filled(operation.route, ids[number % len(ids)])


def usual(operation, mine):
    """What makes the rest of a body right, so that one parameter at a time is wrong."""
    known: dict[str, dict] = {
        "post_v1_statuses": {"status": "Bonjour"},
        "put_v1_statuses_number": {"status": "Bonjour"},
        "post_v1_reports": {"account_id": str(mine["accounts"][0])},
        "post_v1_lists": {"title": "Amis"},
        "post_v2_filters": {"title": "Bruit", "context": ["home"]},
        "post_v1_filters": {"phrase": "zut", "context": ["home"]},
        "post_v2_filters_pk_keywords": {"keyword": "zut"},
        "post_v1_apps": {"client_name": "App", "redirect_uris": "https://app.test/", "scopes": "read"},
        "post_v1_push_subscription": {"data": {"alerts": {"mention": True}}},
    }
    return known.get(operation.name, {})


def put(operation, mine, name, value):
    """The same word in a body of JSON, in a form and in the question."""
    path, secret, others = path_of(operation, mine), mine["secret"], usual(operation, mine)
    if operation.method in describing.WITH_BODY:
        body = nasty.in_json(others, name, json.dumps(value).encode())
        yield ask(operation.method, path, body, JSON, secret)
        body = urlencode({**others, name: value}, doseq=True).encode()
        yield ask(operation.method, path, body, FORM, secret)
    else:
        yield ask(operation.method, f"{path}?{urlencode({name: value})}", b"", "", secret)
        yield ask(operation.method, f"{path}?{quote(name)}[]={quote(value)}&{quote(name)}[x][y]=1", b"", "", secret)


def some(values, every=8):
    """Each time others of them, so that all are tried somewhere; all of them where one has the time."""
    step = every if QUESTIONS < 50 else 1
    return values[next(TURNS) % step :: step]


def told(operation, what, answers):
    """What was wrong with the answers, and with what was asked."""
    return [(operation.name, what[:90], fault) for answer in answers for fault in answer.faults()]


def test_odd_addresses(mine):
    wrong = []
    for operation in OPERATIONS.values():
        for kind, _name in operation.places[-1:]:
            odd = nasty.IN_PLACE_OF_AN_ID if kind == "id" else nasty.IN_PLACE_OF_A_WORD
            for word in some(odd, 4):
                path = filled(operation.route, (mine["announcements"][0], word) if len(operation.places) > 1 else word)
                wrong += told(operation, path, [ask(operation.method, path, secret=mine["secret"])])
    none_of(wrong)


def test_odd_words(mine):
    """One at a time, where the rest is right. How pages are asked for is the same everywhere: a few routes will do."""
    wrong, pages = [], 0
    for operation in OPERATIONS.values():
        asked = asked_by(operation.view)
        pages += "max_id" in asked
        for name, its in asked.items():
            if name in WINDOW and pages > 4:
                continue
            for word in some(nasty.strings(its.kind)):
                wrong += told(operation, f"{name}={word!r}", put(operation, mine, name, word))
    none_of(wrong)


def test_odd_json(mine):
    wrong = []
    for operation in OPERATIONS.values():
        if operation.method not in describing.WITH_BODY:
            continue
        for name, its in asked_by(operation.view).items():
            for value in some(nasty.JSON):
                bodies = [nasty.in_json(usual(operation, mine), name, value)]
                for part in its.parts:
                    whole = b'{"%s": %s}' % (part.encode(), value)
                    bodies += [nasty.in_json(usual(operation, mine), name, each) for each in (whole, b"[%s]" % whole)]
                for body in bodies:
                    answer = ask(operation.method, path_of(operation, mine, 1), body, JSON, mine["secret"])
                    wrong += told(operation, repr(body), [answer])
    none_of(wrong)


@pytest.mark.parametrize("name", ["post_v1_statuses", "post_v2_media", "put_v1_media_pk", "get_v1_statuses"])
def test_odd_bodies(mine, name):
    """Of every kind; what reads them is the same for every route."""
    operation = OPERATIONS[name]
    wrong = []
    for content_type in nasty.CONTENT_TYPES:
        for body in some(nasty.BODIES):
            answer = ask(operation.method, path_of(operation, mine), body, content_type, mine["secret"])
            wrong += told(operation, f"{content_type} {body!r}", [answer])
        answer = ask(
            operation.method, f"{path_of(operation, mine)}?status=%FF%00&id=%E9", b"", content_type, mine["secret"]
        )
        wrong += told(operation, f"{content_type} ?", [answer])
    none_of(wrong)


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer " + "x" * 5000},
        {"authorization": "Bearer \xff\x00"},
        {"authorization": "Basic !"},
        {"idempotency_key": "\xff" * 500},
        {"idempotency_key": "\x00"},
        {"accept_language": "\xff;q=9999," * 500},
        {"range": "bytes=9-1"},
        {"if_modified_since": "\xff"},
        {"if_none_match": '"' * 99},
        {"access_control_request_headers": "a\r\nb: c"},
        {"cookie": "sessionid=\xff; =;;;"},
        {"host": "evil.test"},
        {"x_forwarded_for": "\xff, 1.2.3.4.5"},
        {"x_http_method_override": "DELETE"},
        {"content_length": "-5"},
    ],
)
def test_odd_headers(mine, headers):
    wrong = []
    for method, path, body in (
        ("GET", "/api/v1/timelines/home", b""),
        ("POST", "/api/v1/statuses", b"status=x"),
        ("OPTIONS", "/api/v1/statuses", b""),
        ("BREW", "/api/v1/statuses", b""),
    ):
        answer = ask(method, path, body, FORM, mine["secret"], **headers)
        wrong += [(method, path, fault) for fault in answer.faults()]
    none_of(wrong)


DESCRIBED = schemathesis.openapi.from_dict(describing.description())


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_questions_of_chance(mine, mode):
    """Made from the description of the API, as it says and otherwise; every other one at an address that is there."""
    wrong = []
    for found in DESCRIBED.get_all_operations():
        described = found.ok()
        operation = OPERATIONS[described.definition.raw["operationId"]]
        for count, case in enumerate(cases(described, mode)):
            path, body, kind = sent(case)
            if count % 2 == 0:
                path = path_of(operation, mine, count) + "".join(path.partition("?")[1:])
            answer = ask(operation.method, path, body, kind, mine["secret"])
            wrong += told(operation, f"{path} {body[:200]!r}", [answer])
    none_of(wrong)


def sent(case):
    """The address, the body and its type, as bytes and text go over the wire."""
    prepared = Request(**case.as_transport_kwargs(base_url="http://localhost:8000")).prepare()
    body: Any = prepared.body or b""
    kind: Any = prepared.headers.get("Content-Type", "")
    body = body.encode(errors="surrogatepass") if isinstance(body, str) else body
    return prepared.path_url, body, kind.decode() if isinstance(kind, bytes) else kind


def cases(described, mode):
    found = []

    @settings(max_examples=QUESTIONS, database=None, derandomize=True, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(described.as_strategy(generation_mode=mode))
    def gather(case):
        found.append(case)

    with suppress(Unsatisfiable):  # where nothing is asked for, nothing can be wrong
        gather()
    return found
