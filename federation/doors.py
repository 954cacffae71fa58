"""Whom a view opens to: each declares it where it is written, and a test asks every address as everyone."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


class Door(StrEnum):
    """The widest circle that is answered; what a reader may see of it is narrowed further by the reading doors."""

    EVERYONE = "everyone: what the house tells of itself, and the pages before signing in"
    OUTLINE = "everyone: what it takes to verify a signature; the whole is for signed readers"
    AGENTS = "agents of this house who are signed in and active"
    OWNER = "the agent whose own it is, among those"
    ADMINS = "admins of this house, among those"
    CLIENTS = "applications, by the token that an agent gave them, as far as its scopes go"
    MODERATORS = "moderators and admins of this house, among those"
    READERS = "colleagues and instance actors of houses on the list, by their signature"
    PARTNERS = "the same, of partners only"
    ALL_READERS = "agents of this house, and signed readers"
    MONITORING = "the monitoring of whoever runs this house: from its own machine, or by the token of the settings"
    OURSELVES = "other processes of this same house, by a seal that only they can make"
    LETTERS = "signed letters of houses on the list; nothing is read here"


def open_to(door: Door) -> Callable[[View], View]:
    """Declare whom a view opens to. Decorators made with `functools.wraps` carry it outwards."""

    def declare(view: View) -> View:
        view.open_to = door  # type: ignore[attr-defined]
        return view

    return declare


def door_of(view: Callable[..., Any]) -> Door | None:
    """What the view declares, or None: a mistake, which a test finds."""
    return getattr(view, "open_to", None)
