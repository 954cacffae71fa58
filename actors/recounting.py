"""After this house was restored: who follows whom is asked of the other houses, since ours may have forgotten an end.

Whoever followed one of ours when the backup was taken is `unsure` until her own house says that she still does: nothing
for followers leaves for her, and she reads nothing of it. See docs/decisions/0017-backups.md.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import now

from actors import directory, following, former_names, own_names, synchronisation
from actors.models import Actor, Follow
from federation import absences, hallway, http, names, patience, peers
from federation.errors import FederationError, NotBelieved, NotFetched
from federation.models import Absence, Peer

log = structlog.get_logger()
WORK = "recounting"
SAYS_NO = (403, 404, 410)  # it is there, and this is not told: it will not be told later either
OUT_OF_ORDER = 500
PAGES = 50  # of a list of all whom she follows anywhere, where a house does not pick ours out of it
PAUSE = len(absences.LASTS)  # the longest, before a list is read anew that could be read in part, or not at all
GIVES_UP = timedelta(days=14)  # on one that is told, and that proves nothing
Tell = Callable[[str], None]


@transaction.atomic
def doubt() -> int:
    """Nobody elsewhere is a follower of ours any more, until her house was asked; how many that is."""
    of_people = Follow.objects.filter(followed__local=True, follower__local=False).exclude(followed__kind="Application")
    return Follow.step_all(of_people, "accepted", "unsure")


def unsure() -> QuerySet[Follow]:
    return Follow.objects.filter(state="unsure")


@hallway.drain(WORK)
def ask_next() -> int:
    """The list of one follower, of a house that may be asked now."""
    absent = Absence.objects.filter(uri=OuterRef("follower__following_uri"), until__gt=now())
    askable = unsure().filter(directory.on_the_list("follower__")).exclude(Exists(absent))
    row = askable.exclude(follower__host__in=patience.tired_of(WORK)).select_related("follower").order_by("pk").first()
    if row is None:
        return 0
    ask(row.follower)
    return 1


def ask(follower: Actor) -> bool:
    """Whether her house said whom she follows, or that it tells nobody: else it is asked again later."""
    listed, whole = set[str](), True
    try:
        with patience.waiting_for(follower.host, WORK):
            listed, whole = synchronisation.read_list(follower.following_uri, PAGES)
    except NotBelieved:
        pass
    except NotFetched as error:
        status = answers(follower)
        log.info("followers.not_recounted", host=follower.host, status=status, reason=str(error)[:200])
        if status >= OUT_OF_ORDER:
            return later(follower)
        whole = status in SAYS_NO
    except FederationError:  # no list that anyone could read, or a house that has left ours
        pass
    return settle(follower, {names.presently(uri) for uri in listed}, whole) or later(follower)


def answers(follower: Actor) -> int:
    """The status, by which is told a house that is there and will not say from one that is out of order, or silent."""
    try:
        return http.get(follower.following_uri, http.ACCEPT, directory.our_key(follower.host)).status
    except FederationError:
        return OUT_OF_ORDER


def later(follower: Actor) -> bool:
    """Not at once, whatever was wrong with the list."""
    if not Absence.objects.filter(uri=follower.following_uri, until__gt=now()).exists():
        absences.note(follower.following_uri, PAUSE)
    return False


@transaction.atomic
def settle(follower: Actor, listed: set[str], whole: bool) -> bool:
    """Whom she follows she may read again. The others learn that it is over, as it may be in one house only: at once
    if the list is `whole`, else when one more complete did not come. Whether nothing is left to ask."""
    for follow in unsure().filter(follower=follower).select_related("follower", "followed").order_by("pk"):
        if follow.followed.uri in listed:
            follow.step("accepted", **({} if follower.host in own_names.unheard() else {"under": ""}))
        elif whole or follow.state_since < now() - GIVES_UP:
            following.refuse(follow)
    hallway.wake("deliveries")
    log.info("followers.recounted", actor=follower.uri, whole=whole)
    return not unsure().filter(follower=follower).exists()


# --- At once, by the command that restores ---


def ask_everybody(tell: Tell) -> None:
    """Every house once; those that do not answer now are asked later, and what is for their people waits."""
    hosts = unsure().order_by("follower__host").values_list("follower__host", flat=True).distinct()
    for host in list(hosts):
        followers = Actor.objects.filter(host=host, follows_out__in=unsure()).distinct().order_by("pk")
        if all(ask(each) for each in followers):  # ends with the first that is not answered
            tell(host)
    read_again()


def read_again() -> None:
    """Whom ours follow elsewhere, their houses know; what ours asked for since the backup is learned anew."""
    silent = set[str]()
    for author in followed_elsewhere():
        url = synchronisation.address(author.uri)
        try:
            if author.host not in silent:
                synchronisation.repair(author, url, relearn=True)
                continue
        except FederationError:
            silent.add(author.host)
        synchronisation.compare_soon(author, url)


def followed_elsewhere() -> Iterator[Actor]:
    follows = Follow.objects.filter(follower__local=True, follower__kind="Person", state__in=["asked", "accepted"])
    return Actor.objects.filter(directory.on_the_list(), local=False, follows_in__in=follows).distinct().iterator()


def strangers() -> list[Peer]:
    """Partners that do not count us among theirs any more: what was ended since the backup is suspended here."""
    found = []
    for peer in peers.partners().exclude(instance_actor_uri="").order_by("pk"):
        try:
            status = http.get(f"{peer.instance_actor_uri}/following", http.ACCEPT, directory.our_key(peer.host)).status
        except FederationError:
            continue
        if status == 403:  # not on its list; one that merely has not learned of ours answers otherwise
            peers.suspend(peer, *former_names.confirmed(peer).filter(state="active"))
            found.append(peer)
    return found
