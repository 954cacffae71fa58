"""What real clients were seen to ask for (asked.txt, by tier) is answered, or docs/clients.md says that it is not."""

import re
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

ASKED = [line.split(maxsplit=3) for line in (Path(__file__).parent / "asked.txt").read_text().splitlines()]
PAGE = (Path(__file__).parents[2] / "docs" / "clients.md").read_text()
ABSENT = set(re.findall(r"^\| `([A-Z]+ /\S+)` \|", PAGE, re.MULTILINE))
ELSEWHERE = ("/api/v1/streaming", "/oauth/", "/.well-known/", "/nodeinfo/")  # not below the API's own addresses


def answered(method: str, address: str) -> bool:
    """Whether the API has this address, and this method there."""
    try:
        view = resolve(re.sub(r":\w+", "1", address)).func
    except Resolver404:
        return False
    return method in getattr(view, "methods", {})


@pytest.mark.parametrize("tier", ["1", "2", "3"])
def test_what_clients_ask_for_is_answered_or_named(tier):
    asked = {f"{method} {address}" for of, method, address, _who in ASKED if of == tier}
    missing = {each for each in asked if not each.split()[1].startswith(ELSEWHERE) and not answered(*each.split())}
    assert sorted(missing - ABSENT) == []


def test_what_is_named_as_absent_is():
    assert ABSENT
    assert [each for each in ABSENT if answered(*each.split())] == []
