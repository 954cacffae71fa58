"""This house takes another name: its people, their ids and its letters, at once; its partners hear of it one by one.

The new name stands in its settings already, with the former one first among PREAU_FORMER_HOSTS, and no process serves
meanwhile. See docs/decisions/0022-a-house-changes-its-name.md and `federation.names`.
"""

from collections.abc import Iterator

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext as _

from actors import arrivals, following, own_names
from actors.follow_letters import send_request
from actors.models import Actor, Follow, Organisation
from federation import names, peers
from federation.errors import Forbidden
from federation.models import Delivery, Key, Peer

log = structlog.get_logger()
AT_A_TIME = 500
ADDRESSES = ("inbox", "shared_inbox", "outbox", "followers_uri", "following_uri", "url")
FOLLOWED = ("asked", "accepted", "unsure")


def former() -> str:
    """The host that our people still go by here, while the settings name another; empty when all is done."""
    found = Organisation.objects.filter(host__in=settings.FORMER_HOSTS).exclude(actor=None).filter(actor__local=True)
    return found.values_list("host", flat=True).first() or ""


def must_be_free(host: str) -> None:
    """Forbidden when another house goes by it, or did."""
    known = Peer.objects.filter(host=host).exclude(state="guest").exists()
    if known or Actor.objects.filter(host=host, local=False).exists():
        facts = {"host": host}
        raise Forbidden(_("%(host)s est déjà le nom d’une autre collectivité : choisissez-en un autre.") % facts)


def must_be_known_to_all() -> None:
    """Who knows a name before the last would never follow its people through two. Forbidden."""
    if waiting := list(own_names.waiting().values_list("host", flat=True)):
        sentence = _("Ne connaissent pas encore le nom d’avant, et doivent le confirmer d’abord : %(hosts)s.")
        raise Forbidden(sentence % {"hosts": ", ".join(waiting)})


@transaction.atomic
def take_name() -> int:
    """From the former name to the present one, all or nothing; how many people and services it concerned. Forbidden."""
    host = former()
    if not host:
        raise Forbidden(_("Les comptes portent déjà le nom %(host)s : rien n’est changé.") % {"host": settings.HOST})
    must_be_free(settings.HOST)
    must_be_known_to_all()
    Peer.objects.filter(host=settings.HOST, state="guest").delete()
    origin = names.origin_at(host)
    rename_house(origin)
    stairs(host)
    followed = Follow.objects.filter(followed__in=members(host), follower__local=False, state__in=FOLLOWED, under="")
    followed.update(under=host)
    count = 0
    while some := list(members(host).order_by("pk")[:AT_A_TIME]):
        count += rename(some)
    Organisation.objects.filter(host=host).update(host=settings.HOST)
    say_so(origin, host)
    log.info("house.renamed", former=host, host=settings.HOST, accounts=count)
    return count


def members(host: str) -> QuerySet[Actor]:
    return Actor.objects.filter(local=True, host=host).exclude(kind="Application")


def rename_house(origin: str) -> None:
    """A new instance actor; the former one stays what it is, and says where it went."""
    former_house = arrivals.instance_actor(origin)
    house = arrivals.instance_actor()
    Actor.objects.filter(pk=house.pk).update(also_known_as=[*former_house.also_known_as, former_house.uri])
    Actor.objects.filter(local=True, kind="Application").exclude(pk=house.pk).update(moved_to=house.uri)


def rename(people: list[Actor]) -> int:
    """The same people, by their present ids; under these they sign with the same keys as under the former ones."""
    old = [each.uri for each in people]
    signing = Key.objects.filter(owner_uri__in=old, retired_at=None).exclude(sealed_private="")
    Key.objects.bulk_create(renamed_key(each) for each in signing)
    for each in people:
        each.also_known_as = [*each.also_known_as, each.uri]
        each.uri = names.at(each.uri, settings.ORIGIN)
        for address in ADDRESSES:
            setattr(each, address, names.at(getattr(each, address), settings.ORIGIN))
        each.domain = settings.ACCOUNT_DOMAIN if each.domain == each.host else each.domain
        each.host = settings.HOST
    Actor.objects.bulk_update(people, ["uri", "host", "domain", "also_known_as", *ADDRESSES])
    return len(people)


def renamed_key(key: Key) -> Key:
    owner = names.at(key.owner_uri, settings.ORIGIN)
    return Key(uri=f"{owner}#main-key", owner_uri=owner, public_pem=key.public_pem, sealed_private=key.sealed_private)


def stairs(host: str) -> None:
    """What colleagues of the house are owed goes up the same stairs: it never was another house's."""
    before, after = Value(f"{names.origin_at(host)}/"), Value(f"{settings.ORIGIN}/")
    Delivery.objects.filter(host=host).update(host=settings.HOST, inbox=Replace("inbox", before, after))


def say_so(origin: str, host: str) -> None:
    """To our partners' instance actors; by each of us, to the houses of those who follow; and those whom we follow are
    asked anew. What is not for a partner that has not heard waits (`own_names.held`)."""
    Peer.objects.filter(speaks_preau=True, state__in=peers.KNOW_US, knows_us_as="").update(knows_us_as=host)
    for peer in own_names.waiting():
        own_names.tell(peer)
    for member in members(settings.HOST).iterator():
        if inboxes := set(inboxes_of_followers(member)):
            own_names.send_move(names.at(member.uri, origin), member.uri, inboxes)
    asked = Follow.objects.filter(follower__in=members(settings.HOST), followed__local=False, state="accepted")
    for follow in asked.select_related("follower", "followed").iterator():
        send_request(follow, settings.ORIGIN)


def inboxes_of_followers(member: Actor) -> Iterator[str]:
    elsewhere = following.followers_in_sight(member).filter(local=False, gone_at=None)
    for shared, own in elsewhere.values_list("shared_inbox", "inbox").distinct():
        yield shared or own
