"""The room of those who act."""

from django.apps import AppConfig


class ActorsConfig(AppConfig):
    name = "actors"

    def ready(self) -> None:
        from actors import leftovers, neighbours, own_names, recounting, synchronisation  # noqa: F401  registers their work
        from federation import delivery

        delivery.EXTRA_HEADERS.extend([own_names.held, synchronisation.headers])
