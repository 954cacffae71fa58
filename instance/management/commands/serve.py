"""`preau serve`: this instance in one process."""

import argparse

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from instance import database, server


class Command(BaseCommand):
    help = gettext_noop(
        "Sert les pages et la fédération à un seul port, et fait le travail de fond (sauf si Celery le fait)."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--address", default="127.0.0.1", help=_("l’adresse où écouter (127.0.0.1)"))
        parser.add_argument("--port", type=int, default=8000, help=_("le port où écouter (8000)"))

    def handle(self, *args: object, address: str, port: int, **options: object) -> None:
        database.bring_up_to_date()
        if not settings.DEVELOPMENT:
            call_command("collectstatic", verbosity=0, interactive=False)
        self.stdout.write(f"{settings.ORIGIN} (on {address}:{port})")
        server.serve(address, port, work=settings.WORK == "thread")
