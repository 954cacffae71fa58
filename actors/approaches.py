"""Offers from houses that are not on the list: kept as they came, without any call, until an admin has one verified."""

from dataclasses import replace
from typing import Any

import structlog
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from actors import own_names, partnerships, terms, throttle
from actors.models import Approach, Exchange
from actors.terms import Terms
from federation import ids, names, peers, plain_json
from federation.errors import BadSignature, Forbidden, Refused, TooLarge, TryAgain, UnknownPeer, WrongActor
from federation.knock import Knock
from federation.models import Key, Peer
from federation.verification import claim_of

log = structlog.get_logger()
LARGEST = 20_000  # bytes of headers and body
MOST = 50
OFTEN, OFTEN_ALL = 5, 40  # in a quarter of an hour, from one host, and from all
NEEDED = ("host", "date", "digest", "content-digest", "content-type", "signature", "signature-input", "authorization")


def keep(knock: Knock, activity: dict[str, Any]) -> Approach:
    """Write down an offer that we cannot verify without calling its house. Refused when it is anything else.

    All is checked that needs no key: whom it is for, when it was signed, what the signature covers, the body's digest.
    """
    host = peers.authority_of(activity["actor"])
    knock = replace(knock, headers={name: knock.headers[name] for name in NEEDED if name in knock.headers})
    if len(knock.body) + sum(map(len, knock.headers.values())) + len(knock.target) > LARGEST:
        raise TooLarge(f"an offer takes at most {LARGEST} bytes")
    terms.offered(activity, names.every(ids.instance_actor_uri()))
    for uri in (claim_of(knock).key_uri, activity["id"]):
        if peers.authority_of(uri) != host:
            raise WrongActor(f"{host} signs for another house")
    if host in names.ours() or Peer.objects.filter(host=host).exclude(state="guest").exists():
        raise UnknownPeer(f"{host} is known, and not expected")
    if throttle.too_many("approaches", "", OFTEN_ALL) or throttle.too_many("approach", host, OFTEN):
        raise TryAgain("too many offers")
    return write(host, knock, activity)


@transaction.atomic
def write(host: str, knock: Knock, activity: dict[str, Any]) -> Approach:
    """One for each host, the newest; and so many in all, the newest."""
    columns = {
        "actor_uri": activity["actor"],
        "target": knock.target,
        "headers": dict(knock.headers),
        "body": knock.body.decode(),
        "knocked_at": now(),
    }
    approach, _new = Approach.objects.update_or_create(host=host, defaults=columns)
    old = Approach.objects.order_by("-knocked_at", "-pk").values_list("pk", flat=True)[MOST:]
    Approach.objects.filter(pk__in=list(old)).delete()
    log.info("approach.kept", host=host)
    return approach


def said(approach: Approach) -> Terms:
    """What it says, whoever wrote it."""
    return terms.offered(plain_json.loads(approach.body.encode()), names.every(ids.instance_actor_uri()))


def verify(approach: Approach) -> Peer:
    """An admin decided that this house may be called: its key is fetched, and the kept signature checked.

    The house has then asked to be our partner. Forbidden, with the reason, when it did not write this: the offer goes.
    When the house does not answer, it stays.
    """
    peer = partnerships.meet(approach.host)
    try:
        prove(approach, peer)
    except Refused as error:
        approach.delete()
        log.warning("approach.refused", host=approach.host, reason=str(error)[:200])
        facts = {"house": approach.host, "reason": str(error)[:200]}
        raise Forbidden(
            _("Cette demande n’a pas été écrite par %(house)s : elle est écartée. %(reason)s") % facts
        ) from error
    with transaction.atomic():
        activity = plain_json.loads(approach.body.encode())
        partnerships.move(peer, "requested")
        own_names.know(peer, terms.asked(activity))
        if not Exchange.objects.filter(peer=peer, ours=False, uri=activity["id"]).exists():
            partnerships.note(peer, "offer", activity["id"], said(approach), ours=False)
        approach.delete()
    return peer


def prove(approach: Approach, peer: Peer) -> None:
    """BadSignature or WrongActor unless the instance actor of this house signed what was kept."""
    if peer.instance_actor_uri != approach.actor_uri:
        raise WrongActor(f"{approach.actor_uri} is not the instance actor of {approach.host}")
    claim = claim_of(knock_of(approach))
    key = Key.objects.filter(uri=claim.key_uri, owner_uri=approach.actor_uri, retired_at=None).first()
    if key is None:
        raise BadSignature(f"{claim.key_uri} is not a key of {approach.actor_uri}")
    claim.check(key.public_pem)


def knock_of(approach: Approach) -> Knock:
    """The letter as it knocked, then."""
    body, at = approach.body.encode(), approach.knocked_at.timestamp()
    host = names.host_asked(str(approach.headers.get("host", "")))
    return Knock("POST", approach.target, approach.headers, body, host, at)


def dismiss(approach: Approach) -> None:
    """Without a word: whoever wrote it is not known."""
    approach.delete()
    log.info("approach.dismissed", host=approach.host)
