"""What other houses say about being our partners: proven by the gate, believed of their instance actors alone."""

from typing import Any

import structlog
from django.db import transaction

from actors import house_follows, own_names, parting, partnerships, terms, throttle
from actors.models import Actor, Exchange
from actors.terms import Terms
from federation import names, words
from federation.errors import Ignored, UnknownPeer, WrongActor
from federation.models import Peer
from federation.vocabulary import id_of

log = structlog.get_logger()
Activity = dict[str, Any]
OFTEN = 20  # letters in a quarter of an hour
# From houses in which states each letter is expected; of any other, a house that is no partner is not heard.
EXPECTED = {
    "Offer": {"guest", "offered", "requested", "active", "declined", "refused", "revoked"},
    "Accept": {"offered"},
    "Reject": {"offered"},
    "Create": {"offered", "requested", "active", "refused"},  # the last two: overtaken by the answer
    "Undo": {"offered", "requested", "active"},
}


def must_expect(peer: Peer, activity: Activity) -> None:
    """UnknownPeer unless this is what we wait for from that house, said by its instance actor."""
    said_by_the_house = id_of(activity.get("actor")) == peer.instance_actor_uri
    states = EXPECTED.get(str(activity.get("type")), set())
    if peer.state not in states or not said_by_the_house or not is_about_us(peer.host, activity):
        raise UnknownPeer(f"{peer.host} is not expected to say this")


def concern(actor: Actor, activity: Activity) -> bool:
    """Whether a letter is about being partners, and not about posts or follows."""
    speaks = not actor.local and actor.kind == "Application" and activity["type"] in EXPECTED
    return speaks and is_about_us(actor.host, activity)


def is_about_us(host: str, activity: Activity) -> bool:
    about = activity.get("object")
    inner = about if isinstance(about, dict) else {}
    if activity["type"] == "Offer" or inner.get("type") in ("Offer", "Relationship"):
        return True
    uri = id_of(inner.get("inReplyTo")) if inner.get("type") == "Note" else id_of(about)
    return bool(uri) and Exchange.objects.filter(uri=uri, peer__host=host).exists()


@transaction.atomic
def hear(actor: Actor, activity: Activity) -> None:
    """Ignored, WrongActor or Malformed, with the reason, when it changes nothing."""
    peer = Peer.objects.filter(host=actor.host).first()
    kind = activity["type"]
    if peer is not None and peer.state == "guest" and not peer.instance_actor_uri:
        peer.instance_actor_uri = actor.uri  # as it says: its house is asked before it is accepted
        peer.save(update_fields=["instance_actor_uri"])
    if peer is None or peer.instance_actor_uri != actor.uri:
        raise WrongActor("only an instance actor speaks of being partners")
    if peer.state not in EXPECTED[kind]:
        raise Ignored(f"not expected while the house is {peer.state}")
    if kind != "Undo" and throttle.too_many("talk", peer.host, OFTEN):
        raise Ignored("said too often")
    if Exchange.objects.filter(peer=peer, ours=False, uri=activity["id"]).exists():
        raise Ignored("said before")
    HEARD[kind](peer, activity)


def offered(peer: Peer, activity: Activity) -> None:
    """They ask. If we had asked too, that is an agreement; and a partner that asks again hears yes again."""
    said = terms.offered(activity, names.every(partnerships.our_house().uri))
    own_names.know(peer, terms.asked(activity))
    partnerships.note(peer, "offer", activity["id"], said, ours=False)
    if peer.state == "offered":
        become_partners(peer)
    if peer.state == "active":
        partnerships.agree(peer, Terms(partnerships.our_contact()))
    elif peer.state != "requested":
        peer.step("requested")


def accepted(peer: Peer, activity: Activity) -> None:
    must_be_about_ours(peer, activity)
    said = terms.read(activity, activity.get("content"))
    partnerships.note(peer, "accept", activity["id"], said, ours=False)
    become_partners(peer)
    house_follows.follow(peer)


def become_partners(peer: Peer) -> None:
    partnerships.move(peer, "active")
    partnerships.learn_soon(peer)


def declined(peer: Peer, activity: Activity) -> None:
    must_be_about_ours(peer, activity)
    partnerships.note(peer, "decline", activity["id"], in_words(activity), ours=False)
    partnerships.move(peer, "refused")


def asked(peer: Peer, activity: Activity) -> None:
    """A question about our offer, or an answer about theirs."""
    note = activity["object"]
    own = isinstance(note, dict) and id_of(note.get("attributedTo")) == peer.instance_actor_uri
    if not own or not Exchange.objects.filter(peer=peer, uri=id_of(note.get("inReplyTo"))).exists():
        raise Ignored("not about anything that was said between us")
    verb = "ask" if peer.state in ("offered", "refused") else "answer"
    partnerships.note(peer, verb, activity["id"], in_words(note), ours=False)


def undone(peer: Peer, activity: Activity) -> None:
    """They take back their offer, or end the partnership: so do we."""
    about = activity["object"]
    house, inner = partnerships.our_house().uri, about if isinstance(about, dict) else {}
    relationship = inner.get("object") if inner.get("type") == "Offer" else inner
    ends = [relationship.get(name) for name in ("subject", "object")] if isinstance(relationship, dict) else []
    pair = {names.presently(id_of(each)) for each in ends}
    named = Exchange.objects.filter(peer=peer, verb="offer", uri=id_of(about)).exists()
    if not named and pair != {house, peer.instance_actor_uri}:
        raise Ignored("nothing between us that could be undone")
    verb = "withdraw" if peer.state == "requested" else "revoke"
    partnerships.note(peer, verb, activity["id"], in_words(activity), ours=False)
    partnerships.move(peer, "revoked")
    parting.part(peer)
    partnerships.end_former_names(peer)


def must_be_about_ours(peer: Peer, activity: Activity) -> None:
    """Only the offer that we made to this very house last can be answered by it."""
    offer = Exchange.objects.filter(peer=peer, verb="offer", ours=True).order_by("-pk").first()
    if offer is None or offer.uri != id_of(activity["object"]):
        raise WrongActor(f"{peer.host} answers what nobody asked")


def in_words(said: Activity) -> Terms:
    return Terms("", charter="", words=words.line(said.get("content"), terms.WORDS))


HEARD = {"Offer": offered, "Accept": accepted, "Reject": declined, "Create": asked, "Undo": undone}
