"""Every address that the house answers, as its resolver knows them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

from federation.doors import Door, door_of


class Route(NamedTuple):
    pattern: str
    view: Callable[..., Any]

    @property
    def door(self) -> Door | None:
        return door_of(self.view)


def routes(patterns: Iterable[Any] | None = None, prefix: str = "") -> Iterator[Route]:
    """All of them, included ones too, in their order."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        whole = f"{prefix}{each.pattern}"
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, whole)
        elif isinstance(each, URLPattern):
            yield Route(whole, each.callback)
