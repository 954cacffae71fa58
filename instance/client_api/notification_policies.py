"""From whom the agent is told at once, from whom apart; and what waits apart."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Max, Min

from actors.models import Actor
from inbox import policies, set_apart
from inbox.models import NotificationPolicy
from instance.client_api.door import Call, door
from instance.client_api.entities import accounts, dates, notifications
from instance.client_api.routing import at

FORMER = {  # in the first version of the API: to filter, or not
    "filter_not_following": "for_not_following",
    "filter_not_followers": "for_not_followers",
    "filter_new_accounts": "for_new_accounts",
    "filter_private_mentions": "for_private_mentions",
}


def summary(call: Call) -> dict[str, int]:
    return {
        "pending_requests_count": set_apart.requests(call.me).count(),
        "pending_notifications_count": set_apart.rows(call.me).count(),
    }


def shown(call: Call, policy: NotificationPolicy) -> Any:
    return {facet: getattr(policy, facet) for facet in policies.FACETS} | {"summary": summary(call)}


@door("read:notifications")
def show(call: Call) -> Any:
    return shown(call, policies.of(call.me))


@door("write:notifications")
def change(call: Call) -> Any:
    said = [facet for facet in policies.FACETS if facet in call.given]
    wished = {facet: call.choice(facet, policies.CHOICES, "accept") for facet in said}
    return shown(call, policies.choose(call.me, wished))


def as_formerly(call: Call, policy: NotificationPolicy) -> Any:
    said = {name: getattr(policy, facet) != "accept" for name, facet in FORMER.items()}
    return said | {"summary": summary(call)}


@door("read:notifications")
def show_formerly(call: Call) -> Any:
    return as_formerly(call, policies.of(call.me))


@door("write:notifications")
def change_formerly(call: Call) -> Any:
    said = {facet: call.flag(name) for name, facet in FORMER.items() if name in call.given}
    wished = {facet: "filter" if flag else "accept" for facet, flag in said.items() if flag is not None}
    return as_formerly(call, policies.choose(call.me, wished))


def requests(call: Call, people: Sequence[Actor]) -> list[Any]:
    """Each goes by the id of the account that waits."""
    rows = set_apart.rows(call.me).filter(actor__in=people, reason__in=notifications.TYPES)
    counted = rows.order_by().values("actor").annotate(n=Count("pk"), first=Min("created_at"), last=Max("created_at"))
    of = {each["actor"]: each for each in counted}
    latest = list(rows.filter(pk__in=[each.last for each in people]))  # type: ignore[attr-defined]
    about = notifications.shown_posts(latest, call.me)
    last = {row.actor_id: about.get(row.post_id or 0) for row in latest}
    return [
        {
            "id": str(each.pk),
            "created_at": dates.moment(of[each.pk]["first"]),
            "updated_at": dates.moment(of[each.pk]["last"]),
            "notifications_count": str(of[each.pk]["n"]),
            "account": accounts.account(each, call.me),
            "last_status": last.get(each.pk),
        }
        for each in people
        if each.pk in of
    ]


@door("read:notifications")
def waiting(call: Call) -> Any:
    return requests(call, call.page(set_apart.requests(call.me), key="last", usual=40, most=80))


@door("read:notifications")
def one(call: Call, pk: int) -> Any:
    return requests(call, [set_apart.request(call.me, pk)])[0]


@door("write:notifications")
def accept(call: Call, pk: int) -> Any:
    set_apart.accept(call.me, set_apart.request(call.me, pk))
    return {}


@door("write:notifications")
def dismiss(call: Call, pk: int) -> Any:
    set_apart.dismiss(call.me, set_apart.request(call.me, pk))
    return {}


@door("write:notifications")
def accept_several(call: Call) -> Any:
    for each in set_apart.requests(call.me).filter(pk__in=call.ids("id")):
        set_apart.accept(call.me, each)
    return {}


@door("write:notifications")
def dismiss_several(call: Call) -> Any:
    for each in set_apart.requests(call.me).filter(pk__in=call.ids("id")):
        set_apart.dismiss(call.me, each)
    return {}


@door("read:notifications")
def merged(call: Call) -> Any:
    """What is accepted is there at once."""
    return {"merged": True}


ROUTES = [
    at("v1/notifications/policy", GET=show_formerly, PUT=change_formerly, PATCH=change_formerly),
    at("v2/notifications/policy", GET=show, PUT=change, PATCH=change),
    at("v1/notifications/requests", GET=waiting),
    at("v1/notifications/requests/accept", POST=accept_several),
    at("v1/notifications/requests/dismiss", POST=dismiss_several),
    at("v1/notifications/requests/merged", GET=merged),
    at("v1/notifications/requests/<id:pk>", GET=one),
    at("v1/notifications/requests/<id:pk>/accept", POST=accept),
    at("v1/notifications/requests/<id:pk>/dismiss", POST=dismiss),
]
