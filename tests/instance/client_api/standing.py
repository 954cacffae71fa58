"""Those who ask the API: an agent each, with her token, what is for her, and what is others' or not for her."""

import re
from dataclasses import dataclass, field
from functools import cache

import orjson
from django.test import Client

from actors.models import Actor
from federation import allowances
from inbox.models import Bookmark, Notification
from instance.client_api.asked_for import asked_by
from outbox import posts
from outbox.models import Boost, Like
from tests.canaries import CODES, TALK
from tests.instance.client_api.belongings import ABSENT, belongings, filled, named, place
from tests.lookers import Looker, answer_of, lookers

LIMITS = re.compile(rb"X-RateLimit-(Remaining|Reset): \S+")
NO_OTHER = {"announcements", "reactions", "tags"}  # one for all
asked = cache(asked_by)
EACH = ("get_v1_statuses_number", "get_v1_statuses_number_context", "get_v1_statuses")
RIGHT = {"post_v1_statuses": {"status": "Bonjour"}, "post_v1_apps": {"client_name": "App"}}


@dataclass
class Reader:
    """`ids`: of everything that is there for her; `hidden`: of what is not, though it exists."""

    looker: Looker
    client: Client
    ids: dict[str, list]
    hidden: dict[str, list] = field(default_factory=dict)

    def __str__(self):
        return str(self.looker)

    def ask(self, method, path, body=None):
        allowances.forget()
        data = orjson.dumps(body) if body is not None else b""
        return answer_of(self.client.generic(method, path, data, content_type="application/json"))

    def put(self, operation, path, name="", value="", kind=""):
        """With a parameter where it belongs, beside what makes the rest right."""
        if operation.method in ("GET", "DELETE"):
            return self.ask(operation.method, f"{path}?{name}[]={value}" if name else path)
        body: dict[str, object] = dict(RIGHT.get(operation.name, {}))
        if operation.name == "post_v1_reports":
            body["account_id"] = str(self.ids["accounts"][0])
        if name:
            body[name] = [str(value)] if kind in ("ids", "words") else str(value)
        return self.ask(operation.method, path, body)

    def right(self, operation):
        """Where what is asked for is hers, or open to her."""
        if not operation.places:
            return f"/{operation.route}"
        kind = place(operation.route)
        return filled(operation.route, (self.ids[kind] or [absent(kind)])[0])

    def questions(self, operation, ids):
        """Every address of an operation with these ids, by kind, and every parameter that names something of a kind."""
        if operation.places:
            kind = place(operation.route)
            for each in some(operation, kind, ids(kind)):
                yield filled(operation.route, each), each, ()
        for name, its in asked(operation.view).items():
            if kind := named(operation.route, name, its.kind):
                for each in some(operation, kind, ids(kind)):
                    yield self.right(operation), each, (name, each, its.kind)


def some(operation, kind, ids):
    """Every status and share is looked at; what else is done to them, to the posts and to one share."""
    if kind != "numbers" or operation.name in EACH or len(ids) < 6:
        return ids
    return [*ids[:-1][::3], ids[2], ids[-1]]


def absent(kind):
    return {"groups": f"ungrouped-{ABSENT // 100}", "reactions": (ABSENT, "rose"), "tags": "absent"}.get(kind, ABSENT)


def as_if(answer, word):
    """As it reads for any other thing, at any other moment."""
    status, whole = answer.without(*([str(word)] if len(str(word)) > 9 else []))  # short ones are in lengths and dates
    return status, LIMITS.sub(b"", whole)


def readers(people, canaries, api, julien):
    """The agents among those of the canaries, and the author: each kept something of everything before."""
    of_ours = [each for each in lookers(people) if each.agent and not each.suspended]
    found = [keeping(each, canaries, api) for each in [*of_ours, Looker("the author", CODES, TALK, julien)]]
    for each in found:
        hide(each, found, canaries, people)
    return found


def keeping(looker, canaries, api):
    agent = looker.agent
    readable = [each for each in canaries if looker.may_read(each)]
    own = belongings(agent, readable[-1].post.author, readable[-1].post)
    own["numbers"] = [number for each in readable for number in numbers(each)] + own["numbers"]
    own["tags"] += [each.word("tag") for each in canaries]
    for each in canaries:
        Bookmark.objects.get_or_create(reader=agent, post=each.post)
        Like.objects.get_or_create(actor=agent, post=each.post, defaults={"uri": f"urn:like:{agent.pk}:{each.post.pk}"})
    return Reader(looker, api(agent), own)


def hide(reader, everyone, canaries, people):
    """What others keep for themselves, what she may not read, who is not here for her, what she was told of those."""
    looker, author = reader.looker, canaries[0].post.author
    secret = [each for each in canaries if not looker.may_read(each)]
    for kind in reader.ids:
        other = everyone[0] if reader is everyone[-1] else everyone[-1]
        reader.hidden[kind] = [] if kind in NO_OTHER else other.ids[kind][:1]
    talks = {each.ids["numbers"][-1] for each in everyone}
    reader.hidden["numbers"] = [number for each in secret for number in numbers(each)]
    hers = posts.readable_by(looker.agent).filter(number__in=talks).values_list("number", flat=True)
    reader.hidden["numbers"] += sorted(talks - set(hers))
    reader.hidden["media"] += [file.pk for each in secret for file in each.files()]
    told = Notification.objects.filter(reader=looker.agent, post__in=[each.post for each in secret])
    reader.hidden["notifications"] += [each.pk for each in told[:1]]
    reader.hidden["groups"] += [f"ungrouped-{each.pk}" for each in told[:1]]
    gone = Actor.objects.filter(host=people.closed_peer.host)
    blocked = [author.pk] if looker.agent == people.oscar else []
    reader.hidden["accounts"] = [people.sacha.pk, *gone.values_list("pk", flat=True)[:1], *blocked]


def numbers(canary):
    return [canary.post.number, canary.reply.number, Boost.objects.get(post=canary.post).number]
