"""Whom one might follow: colleagues of one's service, then of one's organisation; what anybody does plays no part."""

from django.db.models import Case, Q, QuerySet, Value, When

from actors import following
from actors.models import Actor, Follow


def colleagues(viewer: Actor) -> QuerySet[Actor]:
    """Those of our own house whom `viewer` neither follows nor asked to; her service first, then by name."""
    followed = Follow.objects.filter(follower=viewer, state__in=["asked", "accepted"]).values("followed")
    present = Actor.objects.filter(local=True, kind="Person", suspended_at=None, gone_at=None, agent__is_active=True)
    others = present.exclude(pk=viewer.pk).exclude(pk__in=followed)
    others = others.exclude(pk__in=following.kept_apart(viewer)).exclude(pk__in=following.muted_by(viewer))
    near = Q(service=viewer.service_id) if viewer.service_id else Q(pk__in=[])
    nearness = Case(When(near, then=Value(0)), default=Value(1))
    return others.select_related("service").order_by(nearness, "name", "pk")
