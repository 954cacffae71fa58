"""The front door.

What leaves `admit` is proven; nothing else can reach a handler.
"""

import re
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest
from django.utils.timezone import now

from actors import answers, directory, knocking
from actors.models import Actor
from federation import documents, health, names, normalising, peers, plain_json, turns, vocabulary
from federation.errors import (
    BadSignature,
    Malformed,
    NotBelieved,
    NotFetched,
    NotHere,
    TooLarge,
    TryAgain,
    UnknownPeer,
    UnsupportedType,
    WrongActor,
)
from federation.models import Peer
from federation.verification import Claim, Knock, claim_of
from federation.vocabulary import id_of, ids_of
from inbox import pressure

log = structlog.get_logger()
LIMIT = 1_000_000
TALK_LIMIT = 20_000
KEY_AGE = timedelta(minutes=5)
WRITES = {"Create", "Update"}
SYNCHRONISATION = "collection-synchronization"


@dataclass(frozen=True)
class Admitted:
    """An activity, and the actor who provably sent it; with what the signed envelope says of the actor's followers."""

    actor: Actor
    activity: dict[str, Any]
    synchronisation: str = ""


def admit(request: HttpRequest) -> Admitted:
    """An arriving activity, proven; or a refusal that carries its HTTP status."""
    body = body_of(request)
    knock = Knock.from_request(request, body)
    claim = claim_of(knock)
    try:
        signer = prove(claim)
    except UnknownPeer:
        signer = prove_talk(claim, body)
    pressure.must_not_flood(signer.host)  # before anything is made of what it says, which costs more than to prove it
    pressure.must_leave_room(signer.host)
    activity = names.presently(normalising.read(body, signer.host))
    check_form(activity)
    check_actor(activity, signer)
    counted = (
        SYNCHRONISATION in claim.covered and knock.host == settings.HOST
    )  # under a former name nothing is compared
    return Admitted(signer, activity, knock.headers[SYNCHRONISATION] if counted else "")


def reader(request: HttpRequest) -> Actor:
    """Who signed a GET: a colleague elsewhere, or a partner's house."""
    signer = prove(claim_of(Knock.from_request(request, b"")))
    pressure.must_not_read_too_much(signer.host)
    return signer


def body_of(request: HttpRequest) -> bytes:
    """At most a megabyte of plain ActivityPub JSON."""
    plain = request.headers.get("Content-Encoding", "identity").lower() == "identity"
    if not plain or not documents.speaks_activitystreams(request.headers.get("Content-Type", "")):
        raise UnsupportedType("only application/activity+json, not compressed")
    length = request.headers.get("Content-Length", "")
    if not re.fullmatch(r"[0-9]{1,7}", length) or int(length) > LIMIT:
        raise TooLarge(f"at most {LIMIT} bytes, with their number announced")
    return request.body


def prove(claim: Claim, admit: peers.Admission = peers.admit) -> Actor:
    """The actor whose key signed this request. The allow-list is asked before anything is fetched."""
    return usual(claim) or learned(claim, admit)


def usual(claim: Claim) -> Actor | None:
    """Someone whom we know, of an open house, by the key that we know; None settles nothing."""
    known = knocking.signer(claim.key_uri)
    if known is not None:
        signer, key_pem, house_failing = known
        with suppress(BadSignature):
            claim.check(key_pem)
            if house_failing:
                health.revive([signer.host])
            return signer
    return None


def learned(claim: Claim, admit: peers.Admission) -> Actor:
    """Step by step, asking the house of the signer for what we do not know yet."""
    peer = admit(claim.key_uri)
    try:
        with turn_of(peer):
            actor = directory.find(check_key(claim, admit))
    except NotBelieved as error:
        raise BadSignature("the key is not one that we believe") from error
    except (NotFetched, NotHere) as error:
        raise TryAgain("the key could not be fetched") from error
    if actor.host != peer.host or not actor.active:
        raise BadSignature(f"{actor.uri} does not act here")
    return actor


def turn_of(peer: Peer) -> AbstractContextManager[None]:
    """Where federation is open, a few guests at once, whatever their names."""
    return turns.asking_a_guest() if peer.state == "guest" else nullcontext()


def prove_talk(claim: Claim, body: bytes) -> Actor:
    """The instance actor of a house that is no partner: heard if it says what we wait for (`actors.answers`), only.

    And says it in plain words: JSON-LD could read as one thing here, and as another once it is brought to our words.
    """
    peer = peers.admit_talk(claim.key_uri)
    if len(body) > TALK_LIMIT:
        raise UnknownPeer(f"{peer.host} says more than it takes")
    said = plain_json.loads(body)
    answers.must_expect(peer, said)
    signer = prove(claim, peers.admit_talk)
    if not vocabulary.reads_plainly(said) or not answers.concern(signer, said):
        raise UnknownPeer(f"{signer.uri} is not expected to say this")
    return signer


def check_key(claim: Claim, admit: peers.Admission) -> str:
    """The owner of the key that made the signature; its house is asked again once, in case the key was changed."""
    key = directory.key(claim.key_uri, admit)
    try:
        claim.check(key.public_pem)
    except BadSignature:
        if now() - key.fetched_at < KEY_AGE:
            raise
        directory.refresh_key(claim.key_uri, admit)
        key = directory.key(claim.key_uri, admit)
        claim.check(key.public_pem)
    return key.owner_uri


def check_form(activity: dict[str, Any]) -> None:
    """One id, one type, one actor, an object; keys that mean what they say."""
    if not vocabulary.reads_plainly(activity):
        raise Malformed("not plain ActivityStreams")
    for name in ("id", "type"):
        if not isinstance(activity.get(name), str) or not 0 < len(activity[name]) <= 500:
            raise Malformed(f"no single {name}")
    if len(ids_of(activity.get("actor"))) != 1 or isinstance(activity["actor"], list):
        raise Malformed("no single actor")
    if "object" not in activity:
        raise Malformed("no object")


def check_actor(activity: dict[str, Any], signer: Actor) -> None:
    """The signer is the actor, and an actor speaks for its own house only."""
    if id_of(activity["actor"]) != signer.uri:
        log.info("activity.refused", activity=activity["id"], signer=signer.uri, reason="signed for another")
        raise WrongActor(f"{signer.uri} signed for another")
    spoken = [activity["id"]]
    if activity["type"] in WRITES:
        spoken.append(id_of(activity["object"]))
    for uri in spoken:
        if peers.authority_of(uri) != signer.host or peers.is_ours(uri):
            raise WrongActor(f"{signer.uri} speaks for another house")
