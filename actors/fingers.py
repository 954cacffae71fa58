"""Handles and who they point at, both ways (RFC 7033): ours are answered, others' are asked for."""

from typing import Any
from urllib.parse import quote

from django.conf import settings

from actors import directory
from actors.models import Actor
from federation import absences, http, names, peers, plain_json, turns
from federation.errors import NotFetched, NotHere
from federation.vocabulary import ACTIVITY_JSON, LD_JSON, as_list

JRD = "application/jrd+json"


def answer(resource: str) -> dict[str, Any]:
    """The JRD of one of our handles or actor URIs; NotHere otherwise."""
    actor = by_resource(resource)
    return {
        "subject": f"acct:{actor.handle}@{settings.ACCOUNT_DOMAIN}",
        "aliases": [actor.uri, actor.url],
        "links": [
            {"rel": "self", "type": ACTIVITY_JSON, "href": actor.uri},
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": actor.url},
        ],
    }


def by_resource(resource: str) -> Actor:
    ours = Actor.objects.filter(local=True, gone_at=None, suspended_at=None)
    if "\0" in resource:
        ours = ours.none()  # a database may refuse even to look
    elif resource.startswith("acct:"):
        handle, _, domain = resource[5:].lower().rpartition("@")
        ours = ours.filter(handle=handle.lstrip("@")) if domain in names.domains() else ours.none()
    else:
        ours = ours.filter(uri=names.presently(resource))
    found = ours.first()
    if found is None:
        raise NotHere(resource[:200])
    return found


def resolve(handle: str, domain: str) -> Actor:
    """Ask the house that answers for the domain; believed when actor and handle agree, within that house."""
    host = peers.house_of_domain(domain)
    jrd = ask(host, f"acct:{handle}@{domain}")
    uri = self_link(jrd)
    if peers.authority_of(uri) != host:
        raise NotFetched(f"{host} points at another house for {handle}")
    actor = directory.learn(uri)
    name, _, at = str(jrd.get("subject", "")).lower().removeprefix("acct:").rpartition("@")
    if name != actor.handle or peers.house_of_domain(at) != host:
        raise NotFetched(f"{uri} does not go by {handle}@{domain}")
    if not actor.active:
        raise NotHere(f"{handle}@{domain}")
    if actor.domain != at:
        actor.domain = at
        actor.save(update_fields=["domain"])
    return actor


def ask(domain: str, resource: str) -> dict[str, Any]:
    """What a house says of a handle; one that did not answer a moment ago is not asked again."""
    url = f"{peers.origin_of(domain)}/.well-known/webfinger?resource={quote(resource, safe='')}"
    with turns.asking(domain), absences.remembered(url):
        found = http.get(url, accept=f"{JRD}, application/json", signer_key=directory.our_key(domain))
        if found.status in (404, 410):
            raise NotHere(resource)
        if found.status != 200:
            raise NotFetched(f"{domain} does not know {resource[:200]} ({found.status})")
        return plain_json.loads(found.body)


def self_link(jrd: dict[str, Any]) -> str:
    for link in as_list(jrd.get("links")):
        if isinstance(link, dict) and link.get("rel") == "self" and link.get("type") in (ACTIVITY_JSON, LD_JSON):
            href = link.get("href")
            if isinstance(href, str):
                return href
    raise NotFetched("no ActivityPub actor goes by this handle")
