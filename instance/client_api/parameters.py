"""What a client asks, whatever form it came in: JSON, urlencoded, multipart or query string become one dictionary."""

import re
from itertools import islice
from typing import Any

import orjson
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.datastructures import MultiValueDict

from federation.errors import Malformed

KEYS = re.compile(r"\[([^\[\]]*)\]")
LISTS = re.compile(r"(\[\]){2,}$")  # Mastodon.py says `id[][]=1`, and means a list
DEPTH, ENTRIES = 5, 1000
JSON, MULTIPART = "application/json", "multipart/form-data"
Given = dict[str, Any]


def read(request: HttpRequest) -> tuple[Given, MultiValueDict[str, Any]]:
    """The parameters, those of the body over those of the query, and the files. Malformed when they cannot be read."""
    request.encoding = "utf-8"  # whatever a client says: some charsets are none, and some are no text
    given = unfold(request.GET)
    if request.method in ("GET", "HEAD"):
        return given, MultiValueDict()
    try:
        body, files = body_of(request)
    except (UnreadablePostError, MultiPartParserError, SuspiciousOperation, ValueError) as error:
        raise Malformed("the body cannot be read") from error
    return given | body, files


def body_of(request: HttpRequest) -> tuple[Given, MultiValueDict[str, Any]]:
    kind = request.content_type
    if kind == MULTIPART:
        if request.method == "POST":
            return unfold(request.POST), request.FILES
        data, files = MultiPartParser(request.META, request, request.upload_handlers, request.encoding).parse()
        return unfold(data), files
    if kind == JSON and request.body.strip():
        said = orjson.loads(request.body)
        return (said if isinstance(said, dict) else {}), MultiValueDict()
    if kind == JSON:
        return {}, MultiValueDict()
    return unfold(QueryDict(request.body, encoding="utf-8")), MultiValueDict()


def unfold(flat: QueryDict) -> Given:
    """`a=1&b[]=2&b[]=3&c[d]=4&e[0][f]=5` as `{a: 1, b: [2, 3], c: {d: 4}, e: {0: {f: 5}}}`. Malformed when too deep."""
    whole: Given = {}
    for name, values in islice(flat.lists(), ENTRIES):
        name = LISTS.sub("[]", name)
        head, bracket, _rest = name.partition("[")
        keys = [head, *KEYS.findall(name[len(head) :])] if bracket else [head]
        if len(keys) > DEPTH:
            raise Malformed("parameters are nested too deep")
        if len(keys) == 1:
            whole[head] = values[-1] if len(values) == 1 else list(values)
            continue
        for value in values:
            put(whole, keys, value)
    return whole


def put(whole: Given, keys: list[str], value: str) -> None:
    """Set the value where the keys lead; an empty key is the next place of a list."""
    here: Any = whole
    for key, following in zip(keys, [*keys[1:], None], strict=True):
        empty: Any = value if following is None else [] if following == "" else {}
        if isinstance(here, list):
            here = grown(here, empty, following, keys)
        elif following is None:
            here[key] = value
        else:
            if not isinstance(here.get(key), type(empty)):
                here[key] = empty
            here = here[key]


def grown(here: list[Any], empty: Any, following: str | None, keys: list[str]) -> Any:
    """A list of values grows; one of forms (`options[][name]`) grows when the last form has that key already."""
    if following and here and isinstance(here[-1], dict) and keys[-1] not in here[-1]:
        return here[-1]
    here.append(empty)
    return empty


def items(value: Any) -> list[Any]:
    """A list, whether it was sent as one, as a form with numbers for keys, or as a single value."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return [value[key] for key in sorted(value, key=lambda key: (len(key), key))]
    return [] if value is None else [value]
