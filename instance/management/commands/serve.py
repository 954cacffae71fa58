"""`preau serve`: this instance in one process."""

import argparse

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from instance import database, server


class Command(BaseCommand):
    help = "Serve pages and federation on one port, and do the background work in a thread (unless Celery does it)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--address", default="127.0.0.1", help="address to listen on (127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")

    def handle(self, *args: object, address: str, port: int, **options: object) -> None:
        database.bring_up_to_date()
        if not settings.DEVELOPMENT:
            call_command("collectstatic", verbosity=0, interactive=False)
        self.stdout.write(f"{settings.ORIGIN} (on {address}:{port})")
        server.serve(address, port, work=settings.WORK == "thread")
