"""Being partners, decided by our admins: offer, withdraw, accept, decline, ask, answer, revoke, block."""

import structlog
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actors import arrivals, former_names, neighbours, own_names, parting, terms
from actors.models import Actor, Approach, Exchange
from actors.terms import Document, Terms
from federation import delivery, hallway, names, peers
from federation.errors import FederationError, Forbidden, Malformed
from federation.models import Peer
from federation.vocabulary import with_context

log = structlog.get_logger()
KEPT = 100  # exchanges of one kind with one house, the newest
STATES = {
    "guest": gettext_lazy("correspondant, fédération ouverte"),
    "offered": gettext_lazy("proposition envoyée"),
    "requested": gettext_lazy("demande reçue"),
    "active": gettext_lazy("partenaire"),
    "suspended": gettext_lazy("suspendue"),
    "declined": gettext_lazy("demande refusée par nous"),
    "refused": gettext_lazy("proposition refusée par elle"),
    "revoked": gettext_lazy("partenariat terminé"),
    "blocked": gettext_lazy("bloquée"),
}


def offer(host: str, said: Terms) -> Peer:
    """Ask a house to be our partner. It is called now, to learn who it is. Forbidden, with a sentence."""
    host = host_named(host)
    if not said.purpose:
        raise Forbidden(_("Dites pourquoi vous voulez échanger avec cette collectivité."))
    known = Peer.objects.filter(host=host).first()
    if known is not None:
        must_be(known, "guest", "declined", "refused", "revoked")
    peer = meet(host)
    with transaction.atomic():
        move(peer, "offered")
        Approach.objects.filter(host=host).delete()
        letter = terms.offer(our_house().uri, peer.instance_actor_uri, said)
        say(peer, "offer", letter, said)
    return peer


def host_named(said: str) -> str:
    try:
        return peers.host_named(said)
    except Malformed as error:
        raise Forbidden(_("Ce n’est pas le nom d’un autre serveur, comme rsi.vernay.fr.")) from error


def meet(host: str) -> Peer:
    """Ask a house that an admin chose who it is; its row, or one that is not saved. Forbidden unless it is a Préau."""
    peer = Peer.objects.filter(host=host).first() or Peer(host=host)
    facts = {"house": host}
    try:
        neighbours.learn_in_public(peer, peers.only(host))
    except FederationError as error:
        log.info("peer.not_met", host=host, reason=str(error)[:200])
        facts["reason"] = str(error)[:200]
        raise Forbidden(_("%(house)s ne répond pas pour le moment : %(reason)s") % facts) from error
    if not peer.speaks_preau or house_of(peer) is None:
        raise Forbidden(_("%(house)s n’est pas un Préau : « preau peers add » suffit.") % facts)
    return peer


def withdraw(peer: Peer) -> None:
    """Take back our offer."""
    must_be(peer, "offered")
    end(peer, "withdraw", "")


def accept(peer: Peer, said: Terms) -> None:
    must_be(peer, "requested")
    must_speak_for_its_house(peer)
    with transaction.atomic():
        move(peer, "active")
        agree(peer, said)
        learn_soon(peer)


def must_speak_for_its_house(peer: Peer) -> None:
    """Who asked where federation is open was never met: its house is called now, to hear whether this is its voice."""
    if not peer.speaks_preau:
        found = meet(peer.host)
        if found.instance_actor_uri != peer.instance_actor_uri:
            facts = {"house": peer.host}
            raise Forbidden(_("Qui a fait cette demande ne parle pas au nom de %(house)s : refusez-la.") % facts)


def agree(peer: Peer, said: Terms) -> None:
    """Tell the house whose offer we have that we are partners."""
    say(peer, "accept", reply("Accept", peer, said.words, said), said)


@transaction.atomic
def decline(peer: Peer, words: str = "") -> None:
    must_be(peer, "requested")
    move(peer, "declined")
    say(peer, "decline", reply("Reject", peer, words), Terms("", words=words))


@transaction.atomic
def ask(peer: Peer, words: str) -> None:
    """A question about their offer, or about their answer to ours; the state stays as it is."""
    must_be(peer, "requested", "offered")
    if not words.strip():
        raise Forbidden(_("Écrivez votre question."))
    asked = latest_offer(peer)
    verb = "answer" if asked is not None and asked.ours else "ask"
    letter = terms.note(our_house().uri, peer.instance_actor_uri, asked.uri if asked else "", words)
    say(peer, verb, letter, Terms("", charter="", words=words))


@transaction.atomic
def revoke(peer: Peer, words: str = "") -> None:
    """End it, at once on our side whatever they answer: nothing arrives, leaves or is read any more, follows end."""
    must_be(peer, "active", "suspended")
    must_be_its_name(peer)
    end(peer, "revoke", words)
    end_former_names(peer, words)


def must_be_its_name(peer: Peer) -> None:
    """It cannot be over with a former name alone. Forbidden."""
    if newer := former_names.newer(peer):
        sentence = _("%(former)s est un ancien nom de %(host)s : mettez fin au partenariat avec %(host)s.")
        raise Forbidden(sentence % {"former": peer.host, "host": newer.host})


def end_former_names(peer: Peer, words: str = "") -> None:
    """They have no life of their own, whoever ended that of the new name."""
    for former in former_names.confirmed(peer).filter(state__in=["active", "suspended"]):
        end(former, "revoke", words)


@transaction.atomic
def end(peer: Peer, verb: str, words: str) -> None:
    move(peer, "revoked")
    parting.part(peer)
    say(peer, verb, reply("Undo", peer, words), Terms("", charter="", words=words))


@transaction.atomic
def suspend(peer: Peer) -> None:
    must_be(peer, "active")
    peers.suspend(peer, *former_names.confirmed(peer).filter(state="active"))


@transaction.atomic
def resume(peer: Peer) -> None:
    """A former name that was suspended by itself, before or since, stays so."""
    must_be(peer, "suspended")
    peers.resume(peer, *former_names.confirmed(peer).filter(state="suspended", state_since=peer.state_since))


@transaction.atomic
def block(host: str) -> Peer:
    """Never, not even where federation is open; the house is not told."""
    host = host_named(host)
    Approach.objects.filter(host=host).delete()
    peer, new = Peer.objects.get_or_create(host=host, defaults={"state": "blocked", "name": host})
    for each in () if new else (peer, *former_names.confirmed(peer)):
        if each.state != "blocked":
            move(each, "blocked")
            parting.part(each)
    return peer


def unblock(peer: Peer) -> None:
    must_be(peer, "blocked")
    move(peer, "revoked")


def must_be(peer: Peer, *states: str) -> None:
    if peer.state not in states:
        facts = {"house": peer.name or peer.host, "state": STATES.get(peer.state, peer.state)}
        raise Forbidden(_("Cela ne se peut pas avec %(house)s, dont l’état est : %(state)s.") % facts)


def move(peer: Peer, state: str) -> None:
    """Somebody else may have answered meanwhile: then nothing of ours happens. A house that is new is kept."""
    if peer.pk is None:
        peer.state = state
        peer.save()
    elif not peer.step(state):
        raise Forbidden(_("Cette collectivité vient de changer d’état : regardez de nouveau."))
    log.info("peer.moved", host=peer.host, state=state)


def reply(verb: str, peer: Peer, words: str = "", said: Terms | None = None) -> Document:
    """A letter about the offer that lies between us, or about the partnership if there never was one."""
    offered = latest_offer(peer)
    ours, theirs = our_house().uri, peer.instance_actor_uri
    pair = (ours, theirs) if offered is None or offered.ours else (theirs, ours)
    return terms.reply(verb, ours, theirs, terms.reference(offered.uri if offered else "", *pair), words, said)


def say(peer: Peer, verb: str, letter: Document, said: Terms) -> None:
    """Write down what we say, and send it to their instance actor, or to their house, if we know either."""
    letter["id"] = names.at(str(letter["id"]), own_names.origin_towards(peer.host))
    note(peer, verb, str(letter["id"]), said, ours=True)
    house = house_of(peer)
    inbox = house.inbox if house is not None else peer.shared_inbox
    if inbox:
        delivery.send(with_context(letter), [inbox], our_house().uri, urgency=delivery.TALK)


def note(peer: Peer, verb: str, uri: str, said: Terms, *, ours: bool) -> None:
    Exchange.objects.create(
        peer=peer, verb=verb, ours=ours, uri=uri, purpose=said.purpose, contact=said.contact,
        charter=said.charter if said.contact else "", words=said.words,
    )  # fmt: skip
    old = Exchange.objects.filter(peer=peer, verb=verb, ours=ours).order_by("-pk").values_list("pk", flat=True)[KEPT:]
    Exchange.objects.filter(pk__in=list(old)).delete()


def latest_offer(peer: Peer) -> Exchange | None:
    return Exchange.objects.filter(peer=peer, verb="offer").order_by("-pk").first()


def house_of(peer: Peer) -> Actor | None:
    return Actor.objects.filter(uri=peer.instance_actor_uri, host=peer.host, kind="Application").first()


def our_house() -> Actor:
    return arrivals.instance_actor()


def our_contact() -> str:
    """The one that we gave last."""
    last = Exchange.objects.filter(ours=True).exclude(contact="").order_by("-pk").first()
    return last.contact if last else ""


def learn_soon(peer: Peer) -> None:
    """Ask the house what it tells its partners; and tell it how we are called now, if it does not know."""
    own_names.tell(peer)
    Peer.objects.filter(pk=peer.pk).update(learn_at=now(), learned_at=None)
    hallway.wake("neighbours")
