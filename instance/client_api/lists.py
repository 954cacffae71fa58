"""The reader's lists, and who is in them."""

from typing import Any

from federation.errors import NotHere
from inbox import lists
from inbox.models import List
from instance.client_api.accounts import met
from instance.client_api.door import Call, door
from instance.client_api.entities import accounts
from instance.client_api.routing import at


def entity(found: List) -> dict[str, Any]:
    return {
        "id": str(found.pk),
        "title": found.title,
        "replies_policy": found.replies_policy,
        "exclusive": found.exclusive,
    }


@door("read:lists")
def index(call: Call) -> Any:
    return [entity(each) for each in lists.of(call.me)]


@door("write:lists")
def create(call: Call) -> Any:
    policy = call.choice("replies_policy", lists.POLICIES, "list")
    return entity(lists.create(call.me, call.text("title", 200), policy, bool(call.flag("exclusive"))))


@door("read:lists")
def show(call: Call, pk: int) -> Any:
    return entity(lists.find(call.me, pk))


@door("write:lists")
def change(call: Call, pk: int) -> Any:
    """What is not said stays as it was."""
    found = lists.find(call.me, pk)
    title = call.text("title", 200, found.title)
    policy = call.choice("replies_policy", lists.POLICIES, found.replies_policy)
    return entity(lists.change(found, title, policy, bool(call.flag("exclusive", found.exclusive))))


@door("write:lists")
def remove(call: Call, pk: int) -> Any:
    lists.remove(call.me, pk)
    return {}


@door("read:lists")
def members(call: Call, pk: int) -> Any:
    """`limit=0`: all of them."""
    people = lists.actors(call.me, pk)
    every = call.integer("limit") == 0
    page = list(people.order_by("-pk")) if every else call.page(people, usual=40, most=80)
    return accounts.accounts(page, call.me)


@door("write:lists")
def add(call: Call, pk: int) -> Any:
    people = call.ids("account_ids")
    if len(people) < len(call.words("account_ids")):
        raise NotHere("what is no id is nobody's")
    lists.add(call.me, pk, people)
    return {}


@door("write:lists")
def drop(call: Call, pk: int) -> Any:
    lists.drop(call.me, pk, call.ids("account_ids"))
    return {}


@door("read:lists")
def holding(call: Call, pk: int) -> Any:
    return [entity(each) for each in lists.holding(call.me, met(call, pk))]


ROUTES = [
    at("v1/lists", GET=index, POST=create),
    at("v1/lists/<id:pk>", GET=show, PUT=change, DELETE=remove),
    at("v1/lists/<id:pk>/accounts", GET=members, POST=add, DELETE=drop),
    at("v1/accounts/<id:pk>/lists", GET=holding),
]
