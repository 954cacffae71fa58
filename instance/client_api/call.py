"""One call of a client: who acts, through which application, and what it asks."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.timezone import get_current_timezone, is_naive, make_aware
from django.utils.translation import gettext as _

from actors.models import Actor, Agent
from federation.errors import FederationError
from instance.client_api import parameters, windows
from instance.client_api.windows import Window

Row = TypeVar("Row", bound=Model)
INTEGER = re.compile("-?[0-9]{1,18}")
YES, NO = {"true", "1", "on", "yes", "t"}, {"false", "0", "off", "no", "f", ""}


class Invalid(FederationError):
    """What was asked cannot be (422); carries a sentence for people."""


class Call:
    def __init__(self, request: HttpRequest, token: Any) -> None:
        self.request, self.token = request, token
        self.headers: dict[str, str] = {}

    @property
    def agent(self) -> Agent:
        agent: Agent = self.token.user
        return agent

    @property
    def me(self) -> Actor:
        """The agent who acts; where the door lets anyone in, ask `viewer`."""
        return self.agent.actor

    @property
    def viewer(self) -> Actor | None:
        return self.token.user.actor if self.token is not None and self.token.user is not None else None

    @property
    def application(self) -> Any:
        return self.token.application

    @cached_property
    def _read(self) -> tuple[parameters.Given, Any]:
        return parameters.read(self.request)

    @property
    def given(self) -> parameters.Given:
        return self._read[0]

    def file(self, name: str) -> "UploadedFile[bytes] | None":
        found = self._read[1].get(name)
        return found if isinstance(found, UploadedFile) else None

    def text(self, name: str, most: int = 100_000, default: str = "") -> str:
        value = self.given.get(name)
        if isinstance(value, list):
            value = value[-1] if value else None
        if value is None or isinstance(value, dict | list):
            return default
        said = str(value)
        if len(said) > most or "\0" in said:
            raise Invalid(_("« %(name)s » est trop long ou contient des signes interdits.") % {"name": name})
        return said

    def flag(self, name: str, default: bool | None = None) -> bool | None:
        value = str(self.given.get(name, "")).lower() if name in self.given else None
        if value is None or value == "none":
            return default
        return True if value in YES else False if value in NO else default

    def choice(self, name: str, allowed: Sequence[str], default: str) -> str:
        value = self.text(name, 100) or default
        if value not in allowed:
            raise Invalid(_("« %(name)s » : valeur inconnue.") % {"name": name})
        return value

    def integer(self, name: str, default: int | None = None) -> int | None:
        value = str(self.given.get(name, "")).strip()
        return int(value) if INTEGER.fullmatch(value) else default

    def words(self, name: str) -> list[str]:
        found = parameters.items(self.given.get(name))
        return [str(each) for each in found if isinstance(each, str | int) and "\0" not in str(each)]

    def forms(self, name: str) -> list[parameters.Given]:
        return [each for each in parameters.items(self.given.get(name)) if isinstance(each, dict)]

    def form(self, name: str) -> parameters.Given:
        value = self.given.get(name)
        return value if isinstance(value, dict) else {}

    def ids(self, name: str, most: int = 500) -> list[int]:
        found = [windows.bound(each) for each in self.words(name)[:most]]
        return [each for each in found if each is not None]

    def moment(self, name: str) -> datetime | None:
        said = self.text(name, 60)
        try:
            at = parse_datetime(said)
            found = at and (make_aware(at, get_current_timezone()) if is_naive(at) else at).astimezone(UTC)
        except (ValueError, OverflowError):  # no date, or one that is past all years where clocks show another hour
            found = None
        if found is None and said:
            raise Invalid(_("« %(name)s » n’est pas une date.") % {"name": name})
        return found

    def window(self, usual: int = 20, most: int = 40) -> Window:
        """Limits are clamped, and what is no id is as if it had not been said: no client is refused for asking more."""
        limit = self.integer("limit", usual) or usual
        bounds = {name: windows.bound(self.given.get(name)) for name in windows.BOUNDS}
        return Window(max(1, min(limit, most)), **bounds)

    def page(self, rows: QuerySet[Row], key: str = "pk", usual: int = 20, most: int = 40) -> list[Row]:
        window = self.window(usual, most)
        found = windows.cut(rows, key, window)
        self.turn([value_of(each, key) for each in found], window)
        return found

    def turn(self, ids: Sequence[int], window: Window) -> None:
        """Say how one goes on from a page that holds these ids, newest first."""
        if link := windows.link(self.request, ids, window):
            self.headers["Link"] = link


def value_of(row: Model, key: str) -> int:
    value: Any = row
    for name in key.split("__"):
        value = getattr(value, name)
    return int(value)
