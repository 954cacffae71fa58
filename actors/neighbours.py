"""The houses next door as people: what a partner says of itself, its organisation and its published directory."""

from datetime import timedelta
from time import monotonic
from typing import Any

import structlog
from django.db.models import Q, QuerySet
from django.utils.timezone import now

from actors import directory, documents, follow_arrivals, former_names, own_names
from actors.models import Actor, Organisation
from federation import absences, hallway, http, ids, names, peers, plain_json, words
from federation.errors import FederationError, Malformed, NotFetched, UnknownPeer, WrongActor
from federation.models import Peer
from federation.vocabulary import PROFILE, as_list, id_of, link_of, text_of

log = structlog.get_logger()
NODEINFO = "http://nodeinfo.diaspora.software/ns/schema/2."  # other links of that index lead to other things
PAGES = 10
HEARING = 60.0  # seconds that one directory takes: the other neighbours wait
PAGE = 100
SOON, LATER = timedelta(minutes=10), timedelta(hours=6)
# What a house says of itself. Its state is ours to decide: an admin may suspend it while it is being asked.
SAID = ("name", "agent_count", "account_domain", "instance_actor_uri", "shared_inbox", "followers_uri", "speaks_preau")


@hallway.drain("neighbours")
def learn_due() -> int:
    """Ask one neighbour again who it is: now and then, and soon after it seems to have put us on its own list."""
    peer = Peer.objects.filter(state="active", learn_at__lte=now()).order_by("learn_at").first()
    if peer is None:
        return 0
    Peer.objects.filter(pk=peer.pk).update(learn_at=now() + SOON)
    try:
        learn(peer)
    except FederationError as error:
        log.info("neighbour.not_learned", host=peer.host, reason=str(error)[:200])
    return 1


def learn(peer: Peer) -> Peer:
    """Ask a house what it tells everyone, then what it tells its partners. NotFetched when it does not answer.

    A house that does not have us on its list yet tells nothing more: it is asked again later.
    """
    absences.forget(peer.host)
    learn_in_public(peer)
    if peer.knows_us_as and knows_the_present_name(peer):
        own_names.heard(peer.host)
    try:
        learn_as_partner(peer)
    except FederationError as error:
        log.info("neighbour.not_partner_yet", host=peer.host, reason=str(error)[:200])
        return peer
    follow_arrivals.recognise(peer)
    peer.learned_at, peer.learn_at = now(), now() + LATER
    peer.save(update_fields=["partner_hosts", "learned_at", "learn_at"])
    return peer


def knows_the_present_name(peer: Peer) -> bool:
    """Whether it tells our present instance actor what it tells partners: its own letter that says so may be lost."""
    try:
        return http.get(f"{peer.instance_actor_uri}/following", http.ACCEPT, directory.our_key()).status == 200
    except FederationError:
        return False


def heard_from(host: str) -> None:
    """A house that reads what only partners may read has us on its list: ask it who it is, if it did not tell yet."""
    if Peer.objects.filter(host=host, learned_at=None).update(learn_at=now()):
        hallway.wake("neighbours")


def learn_in_public(peer: Peer, admit: peers.Admission = peers.admit) -> None:
    """NodeInfo and the instance actor, which every house shows to everyone. A row that is not kept yet is not saved."""
    about = nodeinfo(peer, admit)
    metadata = part(about, "metadata")
    peer.name = words.line(metadata.get("nodeName"), 200) or peer.host
    usage = part(part(about, "usage"), "users").get("total")
    peer.agent_count = min(usage, 1_000_000) if isinstance(usage, int) and usage >= 0 else 0
    peer.account_domain = goes_by(peer, text_of(metadata.get("accountDomain"), 253).lower())
    house = text_of(metadata.get("instanceActor"), 500)
    if peers.lives_at(house, peer.host):
        learn_house(peer, house, admit)
    if peer.pk:
        peer.save(update_fields=SAID)


def goes_by(peer: Peer, said: str) -> str:
    """The domain of its people's handles, when that is not its host; what it said before does not hold for ever.

    An admin may know of another one, which is not above its host.
    """
    if may_go_by(peer, said):
        return said
    said_before = bool(peer.account_domain) and peer.host.endswith(f".{peer.account_domain}")
    return "" if said and said_before else peer.account_domain


def may_go_by(peer: Peer, domain: str) -> bool:
    """A house may give its people the handles of a domain above its own, unless others live there or beside it.

    Above several houses there is no one house, but a town of them, a ministry, or all of France.
    """
    if "." not in domain or not peer.host.endswith(f".{domain}"):
        return False
    there = Q(host=domain) | Q(account_domain=domain) | Q(host__endswith=f".{domain}")
    others = Peer.objects.exclude(pk=peer.pk).filter(there)
    ours = any(f".{name}".endswith(f".{domain}") for name in names.domains())
    return not ours and not others.exists()


def part(document: dict[str, Any], name: str) -> dict[str, Any]:
    """An object inside a stranger's document; empty when it is anything else."""
    inner = document.get(name)
    return inner if isinstance(inner, dict) else {}


def nodeinfo(peer: Peer, admit: peers.Admission) -> dict[str, Any]:
    """The newest NodeInfo document of a house; links to another house are not followed."""
    index = get_json(f"{peers.origin_of(peer.host)}/.well-known/nodeinfo", admit)
    for link in reversed(as_list(index.get("links"))):
        named = isinstance(link, dict) and text_of(link.get("rel"), 200).startswith(NODEINFO)
        href = link_of(link.get("href")) if named else ""
        if peers.lives_at(href, peer.host):
            return get_json(href, admit)
    return {}


def get_json(url: str, admit: peers.Admission) -> dict[str, Any]:
    found = http.get(url, accept="application/json", signer_key=directory.our_key(peers.authority_of(url)), admit=admit)
    if found.status != 200:
        raise NotFetched(f"{url} answered {found.status}")
    return plain_json.loads(found.body)


def learn_house(peer: Peer, uri: str, admit: peers.Admission) -> None:
    document = directory.fetch(uri, admit)
    actor = directory.keep(document)
    peer.instance_actor_uri, peer.shared_inbox, peer.followers_uri = actor.uri, actor.shared_inbox, actor.followers_uri
    peer.speaks_preau = document.get("profile") == PROFILE


def learn_as_partner(peer: Peer) -> None:
    """Its organisation, its own partners and its directory, which a house shows to its partners only."""
    if not peer.speaks_preau:
        return
    document = directory.fetch(peer.instance_actor_uri)
    if organisation := id_of(document.get("organisation")):
        learn_organisation(peer, organisation)
    if peer.followers_uri:
        peer.partner_hosts = sorted(filter(None, {host_or_none(uri) for uri in items(peer.followers_uri)}))
    learn_directory(peer, id_of(document.get("directory")))


def learn_organisation(peer: Peer, uri: str) -> None:
    if peers.authority_of(uri) != peer.host:
        raise Malformed(f"{peer.host} names an organisation of another house")
    document = directory.fetch(uri)
    arms = part(document, "arms")
    name = words.line(document.get("name"), 200) or peer.host
    Organisation.objects.update_or_create(
        host=peer.host,
        defaults={
            "actor": directory.keep(document),
            "name": name,
            "short_name": words.line(document.get("shortName"), 80) or name[:80],
            "siren": text_of(document.get("siren"), 9),
            "kind": text_of(document.get("kind"), 40),
            **{part: text_of(arms.get(part), 20) for part in documents.ARMS},
            "reversed": arms.get("reversed") is True,
        },
    )


def learn_directory(peer: Peer, uri: str) -> int:
    """Keep the agents whom a partner publishes: its own. One that cannot be read does not stop the others."""
    listed, kept = items(uri) if peers.lives_at(uri, peer.host) else [], 0
    whole, until = [each for each in listed if isinstance(each, dict)], monotonic() + HEARING
    for each in whole + [each for each in listed if isinstance(each, str)][:PAGE]:
        if monotonic() > until:
            break
        try:
            if not peers.lives_at(id_of(each), peer.host):
                raise WrongActor(f"{peer.host} publishes someone of another house")
            directory.keep(each) if isinstance(each, dict) else directory.find(each)
            kept += 1
        except FederationError as error:
            log.info("directory.skipped", actor=id_of(each)[:500], reason=str(error)[:200])
    return kept


def items(uri: str) -> list[Any]:
    """The items of a collection of one house, at most ten pages of it, no page twice."""
    host, seen = peers.authority_of(uri), {uri}
    found: list[Any] = []
    page: Any = directory.fetch(uri)
    for _ in range(PAGES):
        found += as_list(page.get("orderedItems") or page.get("items"))[:PAGE]
        following = page.get("next") or page.get("first")
        if isinstance(following, dict):
            page = following
            continue
        if not isinstance(following, str) or following in seen or not peers.lives_at(following, host):
            break
        seen.add(following)
        page = directory.fetch(following)
    return found


def host_or_none(uri: object) -> str:
    try:
        return peers.authority_of(id_of(uri))
    except Malformed:
        return ""


def published(reader_host: str) -> QuerySet[Actor]:
    """Our directory, for partners only: services first, then the agents who agreed to be found."""
    if not peers.partners().filter(host=reader_host).exists():
        raise UnknownPeer(f"{reader_host} is not a partner")
    agreed = Q(kind="Group") | Q(kind="Person", discoverable=True, agent__is_active=True)
    return Actor.objects.filter(agreed, local=True, suspended_at=None, gone_at=None).order_by("kind", "ulid")


def directory_uri() -> str:
    return f"{ids.instance_actor_uri()}/directory"


def known() -> QuerySet[Organisation]:
    """The organisations of our active partners, each once."""
    active = Peer.objects.filter(state="active").exclude(host__in=former_names.former())
    return Organisation.objects.filter(host__in=active.values("host")).order_by("name")


def our_headcount() -> int:
    return Actor.objects.filter(local=True, kind="Person", gone_at=None, agent__is_active=True).count()
