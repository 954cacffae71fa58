"""To whom the addresses of this house open, and by name those that open to somebody who has proven nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from federation.doors import Door, door_of

HEADS = {"fr": ("à qui", "adresses"), "en": ("to whom", "addresses")}
PROVEN = {"fr": "après preuve", "en": "once proven"}
UNPROVEN = (Door.EVERYONE, Door.OUTLINE, Door.LETTERS, Door.MONITORING, Door.OURSELVES)
IN_FRENCH = {
    Door.EVERYONE: "tous : ce que l’instance dit d’elle-même, et les pages d’avant la connexion",
    Door.OUTLINE: "tous : ce qu’il faut pour vérifier une signature ; le reste aux lecteurs qui signent",
    Door.AGENTS: "les agents d’ici, connectés et actifs",
    Door.OWNER: "parmi eux, l’agent à qui la chose appartient",
    Door.ADMINS: "parmi eux, les administrateurs",
    Door.CLIENTS: "les applications, par le jeton qu’un agent leur a donné, dans ses limites",
    Door.MODERATORS: "parmi les agents, les modérateurs et les administrateurs",
    Door.READERS: "les agents et les instances des collectivités de la liste, par leur signature",
    Door.PARTNERS: "les mêmes, des seuls partenaires",
    Door.ALL_READERS: "les agents d’ici, et les lecteurs qui signent",
    Door.MONITORING: "la surveillance de qui gère ce serveur : depuis la machine, ou par son mot de passe",
    Door.OURSELVES: "les autres processus de l’instance, par un sceau qu’eux seuls savent faire",
    Door.LETTERS: "les lettres signées des collectivités de la liste ; rien ne s’y lit",
}


def addresses(patterns: Iterable[Any] | None = None, prefix: str = "") -> Iterator[tuple[str, Door | None]]:
    """Every address that the resolver knows, and whom it declares to open to."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        whole = f"{prefix}{each.pattern}"
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, whole)
        elif isinstance(each, URLPattern):
            yield whole, door_of(each.callback)


def table(language: str) -> list[str]:
    """As Markdown. Those that need a proof are not counted: only a new open door makes the page another."""
    by_door = defaultdict[Door, list[str]](list)
    for address, door in addresses():
        if door is not None:
            by_door[door].append(f"`/{address}`")
    lines = [f"| {' | '.join(HEADS[language])} |", "|---|---|"]
    for door in Door:
        which = ", ".join(sorted(set(by_door[door]))) if door in UNPROVEN else PROVEN[language]
        lines.append(f"| {IN_FRENCH[door] if language == 'fr' else door.value} | {which} |")
    return lines
