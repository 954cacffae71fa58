"""A receipt in one statement of its own, without a transaction around it: what every arrival waits for (ADR 13)."""

from typing import Any

import orjson
from django.db import connection, transaction
from django.utils.timezone import now

from actors.models import Actor

INSERT = """
INSERT INTO inbox_receipt (uri, actor_id, kind, activity, size, state, state_since, attempts, due_at, reason)
VALUES (%s, %s, %s, %s, %s, 'waiting', %s, 0, %s, '')
ON CONFLICT (uri) DO NOTHING
"""


def write_down(actor: Actor, activity: dict[str, Any]) -> None:
    """As `Receipt(...).save()` would, but that a second one of the same id is none."""
    moment = connection.ops.adapt_datetimefield_value(now())
    text = orjson.dumps(activity).decode()
    with transaction.mark_for_rollback_on_error(), connection.cursor() as cursor:
        cursor.execute(INSERT, [activity["id"], actor.pk, activity["type"][:50], text, len(text), moment, moment])
