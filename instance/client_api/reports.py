"""Telling the moderators of something; and the other house, if one wishes and it is a partner."""

from typing import Any

from federation.errors import NotHere
from inbox import moderation
from instance.client_api import acquaintances
from instance.client_api.door import Call, door
from instance.client_api.entities import accounts, dates
from instance.client_api.routing import at
from outbox import numbered


@door("write:reports")
def create(call: Call) -> Any:
    target = acquaintances.one(call, next(iter(call.ids("account_id")), 0))
    wanted = call.ids("status_ids", moderation.POSTS)
    about = numbered.find_all(call.me, wanted)
    if len(about) != len(set(wanted)):
        raise NotHere(str(wanted))
    category = call.text("category", 20)
    row = moderation.report(call.me, target, about, call.text("comment"), category, call.flag("forward") is True)
    return {
        "id": str(row.pk),
        "action_taken": False,
        "action_taken_at": None,
        "category": row.category,
        "comment": row.words,
        "forwarded": row.forwarded,
        "created_at": dates.moment(row.created_at),
        "status_ids": [str(each.number) for each in about],
        "rule_ids": [],
        "target_account": accounts.account(target, call.me),
    }


ROUTES = [at("v1/reports", POST=create)]
