"""What other houses say of follows: a request, an answer, a leaving, another name; believed of whom it concerns."""

from django.conf import settings
from django.db.models import Q
from django.utils.timezone import now

from actors import following, former_names, own_names, throttle
from actors.follow_letters import send_request, send_undo
from actors.models import Actor, Block, Follow, Mute
from federation import names
from federation.errors import Forbidden, WrongActor
from federation.models import Peer
from federation.vocabulary import id_of

ANSWERS = {("asked", "accepted"), ("asked", "refused"), ("accepted", "refused")}


def arrived(follower: Actor, followed: Actor, uri: str, under: str = "") -> Follow:
    """A request from another house, or its repetition under another id; answered by `answer`.

    `under` is the former name of ours that it was made under. Who followed under that one, and left it to follow under
    the present one, need not be approved again.
    """
    said = {"uri": uri, "under": under}
    defaults = {"state": "asked", **said}
    follow, new = Follow.objects.get_or_create(follower=follower, followed=followed, defaults=defaults)
    lately = follow.state_since > now() - own_names.COMING_ALONG
    comes_along = follow.state == "undone" and bool(follow.under) and not under and lately
    if not new and follow.state in ("refused", "undone", "unsure"):
        follow.step("asked", **said)
        if comes_along:
            follow.step("accepted")
    elif (follow.uri, follow.under) != (uri, under):
        Follow.objects.filter(pk=follow.pk).update(**said)
        if follow.under and not under:
            own_names.release(follower.host)
        follow.uri, follow.under = uri, under
    return follow


def answered(followed: Actor, about: object, state: str) -> None:
    """A yes or a no from `followed`, believed only of a request that one of ours made to that very actor."""
    inner = about if isinstance(about, dict) else {}
    ours = Follow.objects.filter(followed=followed, follower__local=True)
    follow = (
        ours.filter(uri__in=names.every(id_of(about))).first()
        or ours.filter(follower__uri=id_of(inner.get("actor")), followed__uri=id_of(inner.get("object"))).first()
    )
    if follow is not None and state == "accepted" and is_of_present_name(follow, id_of(about)):
        came_along(follow)
    elif follow is None or (follow.state, state) not in ANSWERS:
        raise WrongActor(f"{followed.uri} answers what nobody asked")
    elif follow.step(state) and state == "accepted" and names.origin_of(follow.uri) != settings.ORIGIN:
        send_request(follow, settings.ORIGIN)


def is_of_present_name(follow: Follow, uri: str) -> bool:
    """Whether it was made under a former name of ours, and this is how it was made anew."""
    present = names.at(follow.uri, settings.ORIGIN)
    return uri == present != follow.uri and follow.state in ("asked", "accepted")


def came_along(follow: Follow) -> None:
    """From now on one of ours follows by her present id; the follow by the former one is over."""
    if follow.state == "asked":
        follow.step("accepted")
    send_undo(follow, names.origin_of(follow.uri))
    follow.uri = names.at(follow.uri, settings.ORIGIN)
    follow.save(update_fields=["uri"])


def left(follower: Actor, uri: str, followed_uri: str) -> bool:
    """`follower` takes back a request or a follow of its own, under the name of ours that it was made under."""
    own = Follow.objects.filter(follower=follower).exclude(state="undone")
    follow = own.filter(uri=uri).first()
    if follow is None and followed_uri:
        by_name = own.filter(followed__uri=names.presently(followed_uri), under=names.former_host(followed_uri))
        follow = by_name.first()
    if follow is None:
        return False
    # Whom she had accepted comes along without being approved again; nobody else does.
    return follow.step("undone", under=follow.under if follow.state == "accepted" else "")


def ended(follower: Actor, followed: Actor) -> None:
    """`followed` ends it: a refusal that is not announced further."""
    follow = Follow.objects.filter(follower=follower, followed=followed, state__in=["asked", "accepted"]).first()
    if follow is not None:
        follow.step("refused")


def move(origin: Actor, target: Actor) -> int:
    """`origin` now acts as `target`: our agents who followed the one ask to follow the other. Forbidden too often.

    When it is the whole house that goes by another name, they also stay with the former name, which keeps what was
    written for its followers.
    """
    if throttle.too_many("move", origin.uri, 1):
        raise Forbidden("one does not move every quarter of an hour")
    stays = former_names.became(origin.host, target.host)
    moved = list(following.followers(origin).filter(local=True))
    for follower in moved:
        if not stays:
            following.leave(follower, origin)
        if follower != target and not following.apart(follower, target):
            following.ask(follower, target)
    came_to_be(origin, target)
    return len(moved)


def came_to_be(origin: Actor, target: Actor) -> None:
    """Whoever of ours wants nothing of the one, wants nothing of the other."""
    Actor.objects.filter(pk=origin.pk).update(moved_to=target.uri)
    for block in Block.objects.filter(target=origin, actor__local=True).exclude(actor=target).select_related("actor"):
        following.block(block.actor, target)
    for mute in Mute.objects.filter(target=origin, actor__local=True).exclude(actor=target):
        kept = {"notifications": mute.notifications, "until": mute.until}
        Mute.objects.get_or_create(actor=mute.actor, target=target, defaults=kept)


def recognise(peer: Peer) -> None:
    """Those whom a house tells us of that went by a confirmed former name of its own: they are the same people, so
    nobody finds them twice, and whoever was kept away stays away."""
    if hosts := set(former_names.confirmed(peer).values_list("host", flat=True)):
        here = {uri: each for each in Actor.objects.filter(host=peer.host) for uri in each.also_known_as}
        known = Actor.objects.filter(host__in=hosts, uri__among=set(here))
        met = Q(moved_to__in=[each.uri for each in here.values()])
        apart = Q(blocks_in__actor__local=True) | Q(mutes_in__actor__local=True)
        for origin in known.filter(~met | apart).distinct():
            came_to_be(origin, here[origin.uri])
