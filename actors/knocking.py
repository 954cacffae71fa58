"""Who signed, asked in one statement: the way of nearly every letter that arrives (ADR 13)."""

from django.conf import settings

from actors.models import Actor
from federation import peers

# What is asked of nearly everyone who knocks; the rest is asked for when it is needed. Named one by one: PostgreSQL,
# which keeps its plan, refuses `*` once a migration has added a column.
FIELDS = (
    "id",
    "uri",
    "kind",
    "host",
    "local",
    "service_id",
    "followers_uri",
    "also_known_as",
    "suspended_at",
    "gone_at",
)
COLUMNS = ", ".join(f"actor.{field}" for field in FIELDS)
KNOWN = f"""
SELECT {COLUMNS}, key.public_pem AS key_pem, peer.failures AS house_failures
FROM federation_key AS key
JOIN actors_actor AS actor ON actor.uri = key.owner_uri
JOIN federation_peer AS peer ON peer.host = actor.host
WHERE key.uri = %s AND key.retired_at IS NULL AND peer.host = %s AND peer.state IN ('active', %s)
  AND NOT actor.local AND actor.suspended_at IS NULL AND actor.gone_at IS NULL
"""  # noqa: S608  of our own names


def signer(key_uri: str) -> tuple[Actor, str, bool] | None:
    """The owner of a key and the key, if all is as usual: a house on the list and open, an active actor, a key we hold.

    And whether that house was last heard of as failing.

    None says nothing: whatever is unusual is found out step by step, by `peers.admit` and `actors.directory`.
    """
    guests = "guest" if settings.FEDERATION == "open" else "active"
    for actor in Actor.objects.raw(KNOWN, [key_uri, peers.authority_of(key_uri), guests]):
        said = vars(actor)
        return actor, said.pop("key_pem"), bool(said.pop("house_failures"))
    return None
