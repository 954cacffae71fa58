"""The house as it is run and shown."""

from django.apps import AppConfig


class InstanceConfig(AppConfig):
    name = "instance"

    def ready(self) -> None:
        from instance import log

        log.set_up()
