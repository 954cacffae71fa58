"""The room of the other houses and the roads to them."""

from django.apps import AppConfig


class FederationConfig(AppConfig):
    name = "federation"

    def ready(self) -> None:
        from federation import delivery  # noqa: F401  registers its drain
