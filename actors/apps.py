"""The room of those who act."""

from django.apps import AppConfig


class ActorsConfig(AppConfig):
    name = "actors"

    def ready(self) -> None:
        from actors import neighbours  # noqa: F401  registers its drain
