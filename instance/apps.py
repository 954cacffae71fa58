"""The house as it is run and shown."""

from django.apps import AppConfig


class InstanceConfig(AppConfig):
    name = "instance"

    def ready(self) -> None:
        from actors import arrivals
        from instance import (
            applications,
            database,  # noqa: F401  registers its drain
            leftovers,  # noqa: F401  registers its chore
            log,
            unerased,  # noqa: F401  the same
        )

        arrivals.way_in(applications.end)
        log.set_up()
