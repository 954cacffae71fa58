"""The house as it is run and shown."""

from django.apps import AppConfig


class InstanceConfig(AppConfig):
    name = "instance"

    def ready(self) -> None:
        from instance import (
            database,  # noqa: F401  registers its drain
            log,
        )

        log.set_up()
