"""Accounts as they are read: oneself, others, whom they follow, what they wrote."""

from typing import Any

from django.db.models import Q

from actors import directory, follow_lists, following
from actors.models import Actor
from federation.errors import FederationError, NotHere
from instance.client_api.door import Call, door
from instance.client_api.entities import accounts
from instance.client_api.routing import at

FOUND = 40


def met(call: Call, pk: int) -> Actor:
    """Whom the agent may meet. NotHere: nobody, of a house off the list, or someone who blocked her."""
    rows = Actor.objects.select_related("service").filter(directory.on_the_list(), pk=pk, suspended_at=None)
    found = rows.exclude(kind="Application").exclude(pk__in=following.blockers(call.me)).first()
    if found is None:
        raise NotHere(str(pk))
    return found


@door("read:accounts")
def own(call: Call) -> Any:
    return accounts.credential(call.agent)


@door("read:accounts")
def show(call: Call, pk: int) -> Any:
    return accounts.profile(met(call, pk), call.me)


@door("read:accounts")
def several(call: Call) -> Any:
    wanted = call.ids("id", 40)
    rows = Actor.objects.select_related("service").filter(directory.on_the_list(), pk__in=wanted, suspended_at=None)
    found = {each.pk: each for each in rows.exclude(pk__in=following.kept_apart(call.me))}
    return [accounts.account(found[pk], call.me) for pk in dict.fromkeys(wanted) if pk in found]


@door("read:accounts")
def lookup(call: Call) -> Any:
    """By an address, without asking another house."""
    return accounts.profile(met(call, directory.known(call.text("acct", 300)).pk), call.me)


@door("read:accounts")
def search(call: Call) -> Any:
    """For each key typed after an @, so our own directory only, unless the whole address is to be resolved."""
    window = call.window(FOUND, 80)
    words = call.text("q", 200).strip().lstrip("@")
    return accounts.accounts(found_by(call, words, bool(call.flag("resolve")))[: window.limit], call.me)


def found_by(call: Call, words: str, resolve: bool) -> list[Actor]:
    """Whoever is asked for by her whole name may be one whom the agent blocked: that is how she is let in again."""
    blockers = following.blockers(call.me)
    if resolve and "@" in words:
        try:
            person = directory.by_address(f"@{words}")
        except FederationError:
            return []
        return [] if blockers.filter(pk=person.pk).exists() else [person]
    name = words.partition("@")[0] if "@" in words else words
    near = ~Q(pk__in=following.kept_apart(call.me)) | Q(handle=name.lower())
    rows = directory.search(name).exclude(pk__in=blockers).filter(near)
    if call.flag("following"):
        rows = rows.filter(pk__in=following.followed_by(call.me))
    return list(rows.select_related("service")[:80])


@door("read:accounts")
def followers(call: Call, pk: int) -> Any:
    page = call.page(follow_lists.followers(met(call, pk), call.me), usual=40, most=80)
    return [accounts.account(each.follower, call.me) for each in page]


@door("read:accounts")
def followed(call: Call, pk: int) -> Any:
    page = call.page(follow_lists.followed(met(call, pk), call.me), usual=40, most=80)
    return [accounts.account(each.followed, call.me) for each in page]


ROUTES = [
    at("v1/accounts", GET=several),
    at("v1/accounts/verify_credentials", GET=own),
    at("v1/accounts/lookup", GET=lookup),
    at("v1/accounts/search", GET=search),
    at("v1/accounts/<id:pk>", GET=show),
    at("v1/accounts/<id:pk>/followers", GET=followers),
    at("v1/accounts/<id:pk>/following", GET=followed),
]
