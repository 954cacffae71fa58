"""The room of what arrives."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "inbox"

    def ready(self) -> None:
        from inbox import receiving  # noqa: F401  registers its drain and its task
