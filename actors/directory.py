"""Who is who: find an actor or a key by its URI or its handle, asking its own house once."""

import re
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import now

from actors import documents, own_names
from actors.arrivals import instance_actor
from actors.models import Actor
from federation import absences, allowances, http, keys, names, peers, turns
from federation.errors import Malformed, NotBelieved, NotFetched, NotHere, WrongActor
from federation.models import Key
from federation.vocabulary import LONGEST, as_list, id_of

log = structlog.get_logger()
ADDRESS = re.compile(r"@?([A-Za-z0-9_.-]{1,64})@([A-Za-z0-9.-]{1,253}(?::\d{1,5})?)")
STALE = timedelta(days=1)
MOMENT = timedelta(minutes=1)
KEYS_AT_ONCE, KEYS_A_SECOND = 400, 10  # new ones of one house, asked for because somebody signs with them
KEYS = 4  # of one actor


def find(uri: str) -> Actor:
    """The actor of this URI, learned from its house when we do not know it. UnknownPeer, NotFetched, Malformed."""
    known = Actor.objects.filter(uri=uri).first()
    if known is None and peers.is_ours(uri):
        known = Actor.objects.filter(uri=names.presently(uri)).first()
        if known is None:
            raise NotHere(uri)
    return known or learn(uri)


def key(uri: str, admit: peers.Admission = peers.admit) -> Key:
    """The key of this id, from its owner's own house."""
    found = Key.objects.filter(uri=uri, retired_at=None).first()
    if found is None:
        must_not_repeat(uri)
        refresh_key(uri, admit)
        found = Key.objects.filter(uri=uri, retired_at=None).first()
    if found is None:
        raise NotBelieved(f"{uri} is not a key of its owner")
    return found


def must_not_repeat(uri: str) -> None:
    """What we were told of someone's keys a moment ago is not asked again, nor more new ones of a house than its share.

    NotBelieved for a key that its owner has given up, otherwise NotFetched: it may be a new one, so whoever signed with
    it comes again.
    """
    owner = uri.partition("#")[0]
    told = Actor.objects.filter(uri=owner, fetched_at__gt=now() - MOMENT).exists()
    if told and Key.objects.filter(uri=uri).exists():
        raise NotBelieved(f"{owner} gave {uri} up a moment ago")
    if told and Key.objects.filter(owner_uri=owner).exists():
        raise NotFetched(f"{owner} told us her keys a moment ago")
    if not allowances.spend("keys", peers.authority_of(uri), KEYS_AT_ONCE, KEYS_A_SECOND):
        raise NotFetched("too many keys of one house at once")


def refresh_key(uri: str, admit: peers.Admission = peers.admit) -> None:
    """Ask the owner's house again: the only way a key ever changes."""
    document = fetch(uri.partition("#")[0], admit)
    if document.get("publicKey") is None or "inbox" not in document:
        owner = id_of(document.get("owner"))
        if peers.authority_of(owner) != peers.authority_of(uri):
            raise WrongActor(f"{uri} belongs to another house")
        document = fetch(owner, admit)
    Key.objects.filter(uri=uri).exclude(owner_uri=id_of(document)).delete()  # its own address says whose it is
    keep(document)


def fetch(uri: str, admit: peers.Admission = peers.admit) -> dict[str, Any]:
    """A document from its own house, unless it was absent, or the house too slow, a moment ago."""
    if len(uri) > LONGEST:
        raise NotFetched("too long an address")
    host = peers.authority_of(uri)
    with turns.asking(host), absences.remembered(uri):
        found: dict[str, Any] = names.presently(http.get_document(uri, our_key(host), admit))
        return found


def on_the_list(of: str = "") -> Q:
    """Those of our own house, and of houses that are on the list now; `of` leads to the actor, as `author__`."""
    return Q(**{f"{of}local": True}) | Q(**{f"{of}host__in": peers.open_hosts()})


def our_key(host: str = "") -> Key:
    """The instance actor's key, by the name that we go by there: every GET between houses is signed by it."""
    key = keys.of(own_names.instance_towards(host) or instance_actor().uri)
    if key is None:
        raise NotFetched("this house has no key yet: run `preau setup`")
    return key


def learn(uri: str) -> Actor:
    """Fetch an actor from its own house and keep it."""
    document = fetch(uri)
    if id_of(document) != uri:
        raise WrongActor(f"{uri} answered for {id_of(document)[:200]}")
    return keep(document)


@transaction.atomic
def keep(document: dict[str, Any]) -> Actor:
    """Write down an actor and its key, as its own house described them."""
    uri = id_of(document)
    host = peers.authority_of(uri)
    if host in names.ours():
        raise WrongActor(f"{uri} is ours to describe")
    columns = documents.read(document)
    for address in (columns["inbox"], columns["shared_inbox"] or uri):
        if peers.authority_of(address) != host:
            raise WrongActor(f"{uri} receives its mail in another house")
    domain = Actor.objects.filter(uri=uri).values_list("domain", flat=True).first() or host
    defaults = columns | {"host": host, "fetched_at": now(), "service": service_of(document, host)}
    drop_portrait(Actor.objects.filter(uri=uri).exclude(icon_url=columns["icon_url"]))
    actor, _ = Actor.objects.update_or_create(uri=uri, defaults=defaults, create_defaults=defaults | {"domain": domain})
    published = [each for each in as_list(document.get("publicKey")) if isinstance(each, dict)][:KEYS]
    kept = [keep_key(each, actor) for each in published]
    Key.objects.filter(owner_uri=uri, retired_at=None).exclude(uri__in=kept).update(retired_at=now())
    return actor


def drop_portrait(changed: QuerySet[Actor]) -> None:
    """Another picture is named, or none: the one that we drew goes, file included."""
    for actor in changed.exclude(avatar=""):
        transaction.on_commit(partial(actor.avatar.storage.delete, actor.avatar.name or ""))
    changed.update(avatar="")


def keep_key(published: dict[str, Any], actor: Actor) -> str:
    """Its id. Nobody takes the key of someone else in the same house by publishing it under another text."""
    uri, pem = id_of(published), published.get("publicKeyPem")
    own = published.get("owner") == actor.uri and peers.lives_at(uri, actor.host) and isinstance(pem, str)
    taken = uri.partition("#")[0] != actor.uri and Key.objects.filter(uri=uri).exclude(owner_uri=actor.uri).exists()
    if not own or taken:
        raise WrongActor(f"{actor.uri} publishes a key that is not its own")
    columns = {"owner_uri": actor.uri, "public_pem": str(pem)[:10_000], "fetched_at": now(), "retired_at": None}
    Key.objects.update_or_create(uri=uri, defaults=columns)
    return uri


def service_of(document: dict[str, Any], host: str) -> Actor | None:
    """The service of a colleague next door, when we know that service already; never fetched for its own sake."""
    return Actor.objects.filter(uri=id_of(document.get("service")), kind="Group", host=host).first()


def by_address(address: str) -> Actor:
    """`@julie.martin@saint-aubin.fr` (or only her name, here). NotHere, UnknownPeer, NotFetched."""
    match = ADDRESS.fullmatch(address.strip())
    if match is None:
        return known_here(address.strip().lstrip("@"))
    handle, domain = match[1].lower(), match[2].lower()
    if domain in names.domains():
        return known_here(handle)
    peers.admit(peers.origin_of(peers.house_of_domain(domain)))
    known = known_elsewhere(handle, domain)
    return known if known and now() - known.fetched_at < STALE else ask_finger(handle, domain, known)


def on_page(name: str) -> Actor:
    """Whom an address such as `/personnes/lucie@vernay.fr/` shows: as we know her, asked for only when we do not."""
    match = ADDRESS.fullmatch(name.lower())
    known = known_elsewhere(match[1], match[2]) if match else None
    return known or by_address(name)


def known(address: str) -> Actor:
    """Whom we know by this address; no other house is asked. NotHere."""
    match = ADDRESS.fullmatch(address.strip())
    if match is None or match[2].lower() in names.domains():
        return known_here(match[1] if match else address.strip().lstrip("@"))
    found = known_elsewhere(match[1].lower(), match[2].lower())
    if found is None:
        raise NotHere(address)
    return found


def known_elsewhere(handle: str, domain: str) -> Actor | None:
    """Someone of a house that is on the list now."""
    present = Actor.objects.filter(host__in=peers.open_hosts(), gone_at=None, suspended_at=None)
    return present.filter(handle=handle, domain=domain).first()


def known_here(handle: str) -> Actor:
    present = Actor.objects.filter(local=True, gone_at=None, suspended_at=None).exclude(kind="Application")
    found = present.filter(handle=handle.lower()).first() if documents.HANDLE.fullmatch(handle) else None
    if found is None:
        raise NotHere(handle)
    return found


def ask_finger(handle: str, domain: str, known: Actor | None) -> Actor:
    """WebFinger, then the actor, then back: the house must agree that this is its handle. Nonsense is no answer."""
    from actors import fingers

    try:
        return fingers.resolve(handle, domain)
    except (NotFetched, Malformed, WrongActor) as error:
        if known is not None:
            return known
        raise NotFetched(f"{domain}: {error}"[:200]) from error


def search(words: str, hosts: list[str] | None = None) -> QuerySet[Actor]:
    """People and services whose name, function or handle holds every word; those who agreed to be found, or of ours."""
    found = Actor.objects.filter(kind__in=["Person", "Group"], gone_at=None, suspended_at=None)
    found = found.filter(Q(local=True) | Q(discoverable=True, host__in=peers.open_hosts()))
    found = found.exclude(Exists(Actor.objects.filter(uri=OuterRef("moved_to"))))  # nobody is found twice
    if hosts is not None:
        found = found.filter(host__in=hosts)
    for word in words.replace("\0", " ").split()[:8]:
        found = found.filter(
            Q(name__icontains=word)
            | Q(occupation__icontains=word)
            | Q(handle__icontains=word)
            | Q(service__name__icontains=word)
        )
    return found.select_related("service").order_by("-local", "name", "pk")
