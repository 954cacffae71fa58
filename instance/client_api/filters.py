"""The reader's filters, with their words and their statuses (the second version)."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import now

from federation.errors import NotHere
from inbox import filters
from inbox.filters import Wish, Word
from inbox.models import Filter
from instance.client_api import windows
from instance.client_api.call import NO
from instance.client_api.door import Call, door
from instance.client_api.entities import filters as entities
from instance.client_api.routing import at
from outbox import numbered

LONGEST = 100 * 365 * 24 * 3600  # seconds for which one filters


def wish(call: Call, before: Filter | None = None) -> Wish:
    """What is not said stays as it was."""
    return Wish(
        call.text("title", filters.LONGEST, before.title if before else ""),
        call.words("context") or (before.context if before else []),
        call.choice("filter_action", filters.ACTIONS, before.action if before else "warn"),
        until(call, before),
    )


def until(call: Call, before: Filter | None) -> datetime | None:
    """`expires_in` is in seconds; said to be nothing, it is for good."""
    if "expires_in" not in call.given:
        return before.expires_at if before else None
    seconds = call.integer("expires_in")
    return None if seconds is None else now() + timedelta(seconds=max(0, min(seconds, LONGEST)))


def words(call: Call) -> list[Word]:
    """`keywords_attributes`: new ones, those whose `id` is said, and those that are to go (`_destroy`)."""
    return [word(form) for form in call.forms("keywords_attributes")[: filters.KEYWORDS]]


def word(form: dict[str, Any]) -> Word:
    said = form.get("keyword")
    named = form.get("id") not in (None, "")
    pk = windows.bound(form.get("id")) if named else None
    if named and pk is None:
        raise NotHere("no id of a keyword")
    whole = truth(form["whole_word"]) if "whole_word" in form else None if named else True
    return Word(said if isinstance(said, str) else "", whole, pk, truth(form.get("_destroy", False)))


def truth(value: object) -> bool:
    return str(value).lower() not in NO | {"none"}


@door("read:filters")
def index(call: Call) -> Any:
    return [entities.whole(each) for each in filters.of(call.me)]


@door("write:filters")
def create(call: Call) -> Any:
    return entities.whole(filters.create(call.me, wish(call), words(call)))


@door("read:filters")
def show(call: Call, pk: int) -> Any:
    return entities.whole(filters.find(call.me, pk))


@door("write:filters")
def change(call: Call, pk: int) -> Any:
    found = filters.find(call.me, pk)
    return entities.whole(filters.change(found, wish(call, found), words(call)))


@door("write:filters")
def remove(call: Call, pk: int) -> Any:
    filters.remove(call.me, pk)
    return {}


@door("read:filters")
def keywords(call: Call, pk: int) -> Any:
    return [entities.keyword(each) for each in filters.find(call.me, pk).keywords.all()]


@door("write:filters")
def add_keyword(call: Call, pk: int) -> Any:
    said = Word(call.text("keyword", filters.LONGEST), call.flag("whole_word", True))
    return entities.keyword(filters.add_keyword(filters.find(call.me, pk), said))


@door("read:filters")
def show_keyword(call: Call, pk: int) -> Any:
    return entities.keyword(filters.find_keyword(call.me, pk))


@door("write:filters")
def change_keyword(call: Call, pk: int) -> Any:
    said = Word(call.text("keyword", filters.LONGEST), call.flag("whole_word"))
    return entities.keyword(filters.change_keyword(filters.find_keyword(call.me, pk), said))


@door("write:filters")
def remove_keyword(call: Call, pk: int) -> Any:
    filters.forget(filters.find_keyword(call.me, pk))
    return {}


@door("read:filters")
def statuses(call: Call, pk: int) -> Any:
    return [entities.status(each) for each in filters.find(call.me, pk).posts.all()]


@door("write:filters")
def add_status(call: Call, pk: int) -> Any:
    found = filters.find(call.me, pk)
    number = next(iter(call.ids("status_id")), None)
    if number is None:
        raise NotHere("no id of a status")
    return entities.status(filters.add_post(found, numbered.find(call.me, number)))


@door("read:filters")
def show_status(call: Call, pk: int) -> Any:
    return entities.status(filters.find_post(call.me, pk))


@door("write:filters")
def remove_status(call: Call, pk: int) -> Any:
    filters.forget(filters.find_post(call.me, pk))
    return {}


ROUTES = [
    at("v2/filters", GET=index, POST=create),
    at("v2/filters/<id:pk>", GET=show, PUT=change, DELETE=remove),
    at("v2/filters/<id:pk>/keywords", GET=keywords, POST=add_keyword),
    at("v2/filters/keywords/<id:pk>", GET=show_keyword, PUT=change_keyword, DELETE=remove_keyword),
    at("v2/filters/<id:pk>/statuses", GET=statuses, POST=add_status),
    at("v2/filters/statuses/<id:pk>", GET=show_status, DELETE=remove_status),
]
