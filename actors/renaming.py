"""A partner that says it goes by another name: written down when it is heard, believed when an admin had it proven.

See docs/decisions/0022-a-house-changes-its-name.md.
"""

from typing import Any

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from actors import conventions, former_names, house_follows, partnerships, throttle
from actors.former_names import MOVE
from actors.models import Actor, Approach, Convention, Exchange
from actors.terms import Terms
from federation import names, peers
from federation.errors import Forbidden, Ignored
from federation.models import Peer
from federation.vocabulary import id_of

log = structlog.get_logger()
OFTEN = 3  # in a quarter of an hour


def is_a_partners_voice(actor: Actor) -> bool:
    """Whether this is the instance actor of a partner: what it says of itself, it says of its house."""
    return actor.kind == "Application" and voiced(actor).exists()


def voiced(actor: Actor) -> Any:
    return Peer.objects.filter(host=actor.host, instance_actor_uri=actor.uri, state="active")


@transaction.atomic
def hear(house: Actor, activity: dict[str, Any]) -> None:
    """Its house goes by another name, it says. No call is made. Ignored or Malformed, with the reason."""
    peer, host = voiced(house).get(), peers.authority_of(id_of(activity.get("target")))
    if host in (house.host, *names.ours()):
        raise Ignored("a house moves somewhere, and elsewhere")
    if Peer.objects.filter(host=host).exclude(state="guest").exists():
        raise Ignored(f"{host} is known here, and decided about as such")
    if throttle.too_many("renaming", peer.host, OFTEN):
        raise Ignored("said too often")
    if Exchange.objects.filter(peer=peer, ours=False, uri=activity["id"]).exists():
        raise Ignored("said before")
    partnerships.note(peer, MOVE, activity["id"], Terms("", charter="", words=host), ours=False)
    log.info("peer.announces_name", host=peer.host, name=host)


def confirm(peer: Peer, host: str) -> Peer:
    """An admin decided that this announced host may be called: when it says the same, it is our partner. Forbidden."""
    partnerships.must_be(peer, "active")
    must_be_announced(peer, host)
    found = partnerships.meet(host)
    must_confirm(found, peer)
    with transaction.atomic():
        partnerships.move(found, "active")
        Approach.objects.filter(host=host).delete()
        carry_over(peer, found)
        partnerships.learn_soon(found)
        house_follows.follow(found)
    log.info("peer.renamed", host=peer.host, name=host)
    return found


def must_be_announced(peer: Peer, host: str) -> None:
    """Now: what was announced when the admin looked may have been followed by another announcement. Forbidden."""
    said = former_names.announced().get(peer, "")
    facts = {"house": peer.name or peer.host, "said": said, "host": host}
    if not said:
        raise Forbidden(_("%(house)s n’a pas annoncé d’autre nom.") % facts)
    if said != host:
        raise Forbidden(_("%(house)s dit maintenant s’appeler %(said)s, et non %(host)s : rien n’est changé.") % facts)


def carry_over(former: Peer, new: Peer) -> None:
    """Which house it was, and what admins wrote down of the exchange with it: it is the same exchange.

    What letters said is read where it was said (`conventions.said_with`), until the new name says otherwise.
    """
    said = Exchange.objects.filter(peer=former, verb=MOVE, ours=False, words=new.host).latest("pk")
    written, since = conventions.noted(former), conventions.of(former).since
    partnerships.note(new, MOVE, said.uri, Terms("", charter="", words=former.host), ours=True)
    if written or since:
        Convention.objects.update_or_create(peer=new, defaults=written | {"since": since})


def must_confirm(new: Peer, former: Peer) -> None:
    """The other half of the proof, and no circle."""
    house = partnerships.house_of(new)
    if house is None or former.instance_actor_uri not in house.also_known_as or house.moved_to:
        facts = {"new": new.host, "house": former.host}
        raise Forbidden(_("%(new)s ne dit pas qu’elle s’appelait %(house)s : rien n’est changé.") % facts)
