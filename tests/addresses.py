"""Every address to be asked: what stands in the place of each parameter, and the questions that each page takes."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from actors.models import Follow
from federation.doors import Door
from inbox.models import Announcement
from tests.routes import Route

ABSENT = "01K9ABSENT0000000000000000"
PLACE = re.compile(r"<[^>]+>")
# How a route is asked up to its last parameter: the name of a list in `fillings`.
PLACES = {
    "p/<str:ulid>/": "canaries",
    "personnes/<str:address>/": "people",
    "demandes/<int:pk>/": "requests",
    "annonces/<int:pk>/": "announcements",
    "administration/annonces/<int:pk>/": "announcements",
    "sujets/<str:tag>/": "tags",
    "entrer/<str:token>/": "tokens",
    "api/<path:rest>": "tokens",
    "emojis/<str:shortcode>/": "tokens",
    "medias/<str:ulid>/": "files",
    "portraits/<str:ulid>/": "persons",
    "plans/<str:host>.svg": "hosts",
    "ap/actors/<slug:ulid>": "persons",
    "ap/objects/<slug:ulid>": "posts",
    "ap/activities/<slug:ulid>": "canaries",
    "reglages/applications/<int:pk>/": "applications",
    "administration/collectivites/<str:host>/": "hosts",
    "administration/collectivites/<str:host>/<str:deed>/": "deeds",
    "administration/inconnues/<str:host>/": "hosts",
}
QUESTIONS = {
    "": ["", "?fil=service", "?fil=collectivite", "?fil=partenaires", "?avant=7ZZZZZZZZZZZZZZZZZZZZZZZZZ"],
    "medias/<str:ulid>/": ["", "?taille=vignette"],
    "notifications/": ["", "?filtre=reponses", "?filtre=mentions", "?filtre=suivis"],
    "ap/instance/directory": ["", "?page=1"],
    ".well-known/webfinger": ["", "?resource=acct:julien.mercier@localhost:8000"],
    "ap/actors/<slug:ulid>/followers_synchronization": ["", "?page=1"],
}
ASKED_WITH = {"publier/": "?reponse={post}", "personnes/": "?q={text}"}


class Unknown(Exception):
    """A new route has a parameter, and nobody said what to put there."""


class Address(NamedTuple):
    route: Route
    path: str
    filled: str = ""


def filling(pattern: str) -> str:
    end = PLACE.sub(lambda place: "\0" * len(place[0]), pattern).rfind("\0") + 1
    for known in sorted(PLACES, key=len, reverse=True):
        if pattern.startswith(known) and PLACE.findall(known) == PLACE.findall(pattern):
            return PLACES[known]
    raise Unknown(
        f"The route {pattern} is new: add {pattern[:end]!r} to PLACES in tests/addresses.py, with what to put there, "
        "so that everyone may be seen asking for it."
    )


def addresses(route: Route, canaries: list, people) -> Iterator[Address]:
    """Every address of a route, with the ids of every canary, and with one that is nobody's.

    Not of the API: it is asked with tokens, by tests/instance/client_api/test_leaks.py.
    """
    if route.door is Door.CLIENTS:
        return
    if "<" not in route.pattern:
        for question in QUESTIONS.get(route.pattern, [""]):
            yield Address(route, f"/{route.pattern}{question}")
        if asked := ASKED_WITH.get(route.pattern):
            words = [each.word("text") if "text" in asked else each.post.ulid for each in canaries]
            for word in [*words, ABSENT]:
                yield Address(route, f"/{route.pattern}{asked.format(post=word, text=word)}", word)
        return
    for each in fillings(canaries, people)[filling(route.pattern)]:
        for question in QUESTIONS.get(route.pattern, [""]):
            path = filled(route.pattern, each if isinstance(each, tuple) else (each,) * 9)
            yield Address(route, f"/{path}{question}", str(each))


def filled(pattern: str, parts: tuple[object, ...]) -> str:
    for part in parts:
        pattern = PLACE.sub(str(part), pattern, count=1)
    return pattern


def fillings(canaries: list, people) -> dict[str, list]:
    posts = [post.ulid for each in canaries for post in (each.post, each.reply)]
    return {
        "posts": [*posts, ABSENT],
        "canaries": [*(each.post.ulid for each in canaries), ABSENT],
        "files": [*(file.ulid for each in canaries for file in each.files()), ABSENT],
        "announcements": [*Announcement.objects.values_list("pk", flat=True), 0],
        "tags": [each.word("tag") for each in canaries],
        "people": [people.julien.path_name, people.ines.path_name, people.lucie.path_name],
        "persons": [people.julien.ulid, people.ines.ulid, people.lucie.ulid, ABSENT],
        "requests": list(Follow.objects.filter(state="asked").values_list("pk", flat=True)),
        "tokens": ["absent"],
        "applications": [1],
        "hosts": [people.julien.host, people.vernay.host],
        "deeds": [(people.vernay.host, deed) for deed in ("accepter", "decliner", "suspendre", "absent")],
    }
