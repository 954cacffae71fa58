"""Someone withdrew a post, or left for good."""

from typing import Any

from django.utils.timezone import now

from actors import portraits
from actors.models import Actor
from federation.vocabulary import id_of
from outbox import arriving


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    uri = id_of(activity["object"])
    if actor.local:
        return
    if uri == actor.uri:
        arriving.forget_author(actor)
        portraits.remove(actor)
        Actor.objects.filter(pk=actor.pk).update(gone_at=now())
    else:
        arriving.forget(actor, uri)
