"""The people whom an agent shows on her profile: some of those she follows."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from actors import directory, following
from actors.models import Actor, Endorsement, Follow
from federation.errors import Forbidden

MOST = 100


def endorse(actor: Actor, target: Actor) -> None:
    """Forbidden for someone whom one does not follow: nobody is shown beside a stranger."""
    if not Follow.objects.filter(follower=actor, followed=target, state="accepted").exists():
        raise Forbidden(_("On ne met en avant que les personnes que l’on suit."))
    if Endorsement.objects.filter(actor=actor).exclude(target=target).count() >= MOST:
        raise Forbidden(_("Cent personnes mises en avant au plus."))
    Endorsement.objects.get_or_create(actor=actor, target=target)


def withdraw(actor: Actor, target: Actor) -> None:
    Endorsement.objects.filter(actor=actor, target=target).delete()


def shown(actor: Actor, viewer: Actor) -> QuerySet[Actor]:
    """Those of them whom she still follows, and whom `viewer` may meet."""
    still = Follow.objects.filter(follower=actor, state="accepted").values("followed")
    chosen = Endorsement.objects.filter(actor=actor, target__in=still).values("target")
    present = Actor.objects.filter(directory.on_the_list(), pk__in=chosen, suspended_at=None, gone_at=None)
    return present.exclude(pk__in=following.kept_apart(viewer)).select_related("service").order_by("pk")
