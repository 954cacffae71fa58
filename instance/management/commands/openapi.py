"""Writes what the client API answers, as OpenAPI 3.1, for the documentation."""

from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext_noop

from instance.client_api import describing
from instance.configuration import ROOT

PUBLISHED = Path(ROOT) / "docs" / "api" / "openapi.json"


class Command(BaseCommand):
    help = gettext_noop(
        "Écrit la description de l’API des applications (OpenAPI 3.1) dans docs/api/openapi.json, ou ailleurs."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, default=PUBLISHED)

    def handle(self, *args: Any, **options: Any) -> None:
        where: Path = options["to"]
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_bytes(written())
        self.stdout.write(f"{where}: {sum(1 for _each in describing.operations())} operations")


def written() -> bytes:
    return orjson.dumps(describing.description(), option=orjson.OPT_INDENT_2) + b"\n"
