"""The room of what was written."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "outbox"

    def ready(self) -> None:
        from outbox import fetched_media, leftovers, once, scheduling, uploads  # noqa: F401  they register their work
