"""How one stands towards others, as lists: relationships, those muted, blocked, featured, those known in common."""

from typing import Any

from actors import directory, endorsements, following
from actors.models import Actor, Block, Follow
from instance.client_api import acquaintances
from instance.client_api.accounts import met
from instance.client_api.door import Call, door
from instance.client_api.entities import accounts, dates, relationships
from instance.client_api.routing import at

SEVERAL, IN_COMMON = 100, 20


@door("read:follows")
def stand(call: Call) -> Any:
    return relationships.relationships(call.me, acquaintances.several(call, call.ids("id", SEVERAL)))


@door("read:mutes")
def muted(call: Call) -> Any:
    rows = following.muting().filter(directory.on_the_list("target__"), actor=call.me, target__suspended_at=None)
    page = call.page(rows.select_related("target__service"), usual=40, most=80)
    return [
        accounts.account(row.target, call.me) | {"mute_expires_at": dates.moment_or_none(row.until)} for row in page
    ]


@door("read:blocks")
def blocked(call: Call) -> Any:
    rows = Block.objects.filter(directory.on_the_list("target__"), actor=call.me, target__suspended_at=None)
    page = call.page(rows.select_related("target__service"), usual=40, most=80)
    return [accounts.account(row.target, call.me) for row in page]


@door("read:follows")
def familiar(call: Call) -> Any:
    """Of those whom the agent follows, who follows each of these."""
    people = acquaintances.several(call, call.ids("id", 40))
    mine = following.followed_by(call.me).filter(directory.on_the_list(), suspended_at=None, gone_at=None)
    mine = mine.exclude(pk__in=following.kept_apart(call.me))
    rows = Follow.objects.filter(followed__in=people, state="accepted", follower__in=mine)
    found: dict[int, list[Actor]] = {}
    for row in rows.select_related("follower__service").order_by("-pk"):
        found.setdefault(row.followed_id, []).append(row.follower)
    return [
        {"id": str(each.pk), "accounts": accounts.accounts(found.get(each.pk, [])[:IN_COMMON], call.me)}
        for each in people
    ]


@door("read:accounts")
def featured(call: Call) -> Any:
    return accounts.accounts(call.page(endorsements.shown(call.me, call.me), usual=40, most=80), call.me)


@door("read:accounts")
def featured_by(call: Call, pk: int) -> Any:
    return accounts.accounts(call.page(endorsements.shown(met(call, pk), call.me), usual=40, most=80), call.me)


@door("read:accounts")
def proofs(call: Call, pk: int) -> Any:
    """None: an agent's identity is vouched for by her organisation."""
    met(call, pk)
    return []


ROUTES = [
    at("v1/accounts/relationships", GET=stand),
    at("v1/accounts/familiar_followers", GET=familiar),
    at("v1/accounts/<id:pk>/endorsements", GET=featured_by),
    at("v1/accounts/<id:pk>/identity_proofs", GET=proofs),
    at("v1/endorsements", GET=featured),
    at("v1/mutes", GET=muted),
    at("v1/blocks", GET=blocked),
]
