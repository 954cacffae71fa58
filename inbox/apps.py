"""The room of what arrives."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "inbox"

    def ready(self) -> None:
        from inbox import leftovers, poll_news, receiving, ringing  # noqa: F401  register their drains, tasks and chores
