"""Who follows someone and whom she follows, as a viewer is shown it."""

from django.db.models import QuerySet

from actors import directory, following
from actors.models import Actor, Follow


def followers(actor: Actor, viewer: Actor) -> QuerySet[Follow]:
    """Of those who follow `actor`, whom `viewer` may meet: lists and counts say the same, or a count would tell."""
    return met("follower__", viewer).filter(followed=actor)


def followed(actor: Actor, viewer: Actor) -> QuerySet[Follow]:
    return met("followed__", viewer).filter(follower=actor)


def met(other: str, viewer: Actor) -> QuerySet[Follow]:
    rows = Follow.objects.filter(directory.on_the_list(other), state="accepted", **{f"{other}suspended_at": None})
    return rows.exclude(**{f"{other}in": following.kept_apart(viewer)}).select_related(f"{other}service")
