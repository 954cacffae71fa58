"""The first version of filters, in which each word is one: its id is the keyword's."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inbox import filters
from inbox.filters import Wish, Word
from inbox.models import Filter
from instance.client_api.door import Call, Invalid, door
from instance.client_api.entities import filters as entities
from instance.client_api.filters import until
from instance.client_api.routing import at


def wish(call: Call, phrase: str, before: Filter | None = None) -> Wish:
    hidden = call.flag("irreversible", before is not None and before.action == "hide")
    action = "hide" if hidden else "warn" if before is None or before.action == "hide" else before.action
    context = call.words("context") or (before.context if before else [])
    return Wish(before.title if before else phrase, context, action, until(call, before))


@door("read:filters")
def index(call: Call) -> Any:
    return [entities.phrase(each) for each in filters.keywords(call.me)]


@door("write:filters")
def create(call: Call) -> Any:
    phrase = call.text("phrase", filters.LONGEST)
    if not phrase.strip():
        raise Invalid(_("Écrivez le mot à filtrer."))
    found = filters.create(call.me, wish(call, phrase), [Word(phrase, call.flag("whole_word", True))])
    return entities.phrase(found.keywords.get())


@door("read:filters")
def show(call: Call, pk: int) -> Any:
    return entities.phrase(filters.find_keyword(call.me, pk))


@door("write:filters")
def change(call: Call, pk: int) -> Any:
    """What is not said stays as it was. What other words share is changed by the second version only."""
    row = filters.find_keyword(call.me, pk)
    phrase = call.text("phrase", filters.LONGEST)
    wanted = wish(call, phrase, row.filter)
    differs = (list(wanted.context), wanted.action, wanted.expires_at) != (
        row.filter.context,
        row.filter.action,
        row.filter.expires_at,
    )
    if differs and row.filter.keywords.count() > 1:
        raise Invalid(_("Ce filtre a plusieurs mots : modifiez-le avec une application plus récente."))
    with transaction.atomic():
        if differs:
            filters.change(row.filter, wanted)
        filters.change_keyword(row, Word(phrase, call.flag("whole_word")))
    return entities.phrase(filters.find_keyword(call.me, pk))


@door("write:filters")
def remove(call: Call, pk: int) -> Any:
    filters.forget_keyword(filters.find_keyword(call.me, pk))
    return {}


ROUTES = [
    at("v1/filters", GET=index, POST=create),
    at("v1/filters/<id:pk>", GET=show, PUT=change, DELETE=remove),
]
