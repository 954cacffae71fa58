"""Subjects: looked up, followed, and shown on one's profile."""

from typing import Any

from django.utils.translation import gettext as _

from actors.models import Actor
from inbox import followed_tags
from instance.client_api.accounts import met
from instance.client_api.door import Call, Invalid, door
from instance.client_api.entities import tags
from instance.client_api.routing import at
from outbox import featured_tags, subjects


def one(call: Call, name: str) -> Any:
    return tags.tags([subjects.name_of(name)], call.me)[0]


@door("read:follows")
def followed(call: Call) -> Any:
    page = call.page(followed_tags.of(call.me), usual=100, most=200)
    return tags.tags([row.hashtag.name for row in page], call.me)


@door("read:statuses")
def show(call: Call, name: str) -> Any:
    return one(call, name)


@door("write:follows")
def follow(call: Call, name: str) -> Any:
    followed_tags.follow(call.me, name)
    return one(call, name)


@door("write:follows")
def unfollow(call: Call, name: str) -> Any:
    followed_tags.unfollow(call.me, name)
    return one(call, name)


@door("write:accounts")
def feature(call: Call, name: str) -> Any:
    featured_tags.feature(call.me, name)
    return one(call, name)


@door("write:accounts")
def unfeature(call: Call, name: str) -> Any:
    featured_tags.unfeature(call.me, name)
    return one(call, name)


def shown(call: Call, owner: Actor) -> Any:
    return tags.featured(list(featured_tags.of(owner)), owner, call.me)


@door("read:accounts")
def own(call: Call) -> Any:
    return shown(call, call.me)


@door("read:accounts")
def of_account(call: Call, pk: int) -> Any:
    return shown(call, met(call, pk))


@door("write:accounts")
def add(call: Call) -> Any:
    said = call.text("name", 200)
    if not said:
        raise Invalid(_("Donnez le nom d’un sujet."))
    return tags.featured([featured_tags.feature(call.me, said)], call.me, call.me)[0]


@door("write:accounts")
def remove(call: Call, pk: int) -> Any:
    featured_tags.remove(call.me, pk)
    return {}


@door("read:accounts")
def suggestions(call: Call) -> Any:
    return tags.tags(featured_tags.suggestions(call.me), call.me)


TAG = "v1/tags/<str:name>"
ROUTES = [
    at("v1/followed_tags", GET=followed),
    at(TAG, GET=show),
    at(f"{TAG}/follow", POST=follow),
    at(f"{TAG}/unfollow", POST=unfollow),
    at(f"{TAG}/feature", POST=feature),
    at(f"{TAG}/unfeature", POST=unfeature),
    at("v1/featured_tags", GET=own, POST=add),
    at("v1/featured_tags/suggestions", GET=suggestions),
    at("v1/featured_tags/<id:pk>", DELETE=remove),
    at("v1/accounts/<id:pk>/featured_tags", GET=of_account),
]
