"""Two who would write or withdraw the same post from elsewhere at the same moment come one after the other.

A post that is shared comes through somebody else than its author: nothing else keeps it in order with her Delete.
"""

from hashlib import sha256

from django.db import connection


def hold(uri: str) -> None:
    """Until the end of the present transaction. SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        number = int.from_bytes(sha256(uri.encode()).digest()[:8], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
