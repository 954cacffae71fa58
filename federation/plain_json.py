"""JSON from strangers, read strictly: what two parsers could read apart is refused."""

import json
import re
from typing import Any, NoReturn

from federation.errors import Malformed

DEPTH = 64
DIGITS = 18
HALVES = re.compile("[\ud800-\udfff]")  # of characters, which are no characters
VALUES = 50_000  # that stand in one document: each takes a hundred times the room of its letters


def loads(body: bytes) -> dict[str, Any]:
    """The one object that `body` holds; Malformed for anything else, and for duplicates, NaN, NUL, or absurd sizes."""
    return one_object(parsed(body))


def loads_one(body: bytes) -> dict[str, Any]:
    """The same, also within a list of its own, as expanded JSON-LD is written."""
    document = parsed(body)
    return one_object(document[0] if isinstance(document, list) and len(document) == 1 else document)


def parsed(body: bytes) -> object:
    try:
        document = json.loads(
            body.decode("utf-8"), object_pairs_hook=once_each, parse_constant=no_constant, parse_int=small_integer
        )
        # Marks that stand in texts count for nothing: they are told apart when there are many.
        if sum(map(body.count, (b",", b"[", b"{"))) > VALUES and values_in(document) > VALUES:
            raise Malformed("too many values")
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Malformed("not JSON that we can read") from error
    return document


def values_in(value: object) -> int:
    if isinstance(value, dict):
        return 1 + sum(map(values_in, value.values()))
    return 1 + sum(map(values_in, value)) if isinstance(value, list) else 1


def one_object(document: object) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise Malformed("not one JSON object")
    check(document, DEPTH)
    return document


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("a key stands twice")
    return found


def no_constant(name: str) -> NoReturn:
    raise Malformed(f"{name} is not JSON")


def small_integer(digits: str) -> int:
    if len(digits) > DIGITS:
        raise Malformed("an integer is too large")
    return int(digits)


def check(value: object, depth: int) -> None:
    """Neither too deep, nor with characters that a database refuses, nor a number beyond all numbers."""
    if depth == 0:
        raise Malformed("nested too deeply")
    if isinstance(value, dict):
        for key, inner in value.items():
            check(key, depth)
            check(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            check(inner, depth - 1)
    elif isinstance(value, str):
        if "\0" in value or (not value.isascii() and HALVES.search(value)):
            raise Malformed("a text holds characters that are not text")
    elif isinstance(value, float) and value in (float("inf"), float("-inf")):
        raise Malformed("a number is out of reach")
