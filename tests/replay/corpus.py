"""The recorded documents, each with its origins moved to houses of its own on this machine."""

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
CORPUS = Path(os.environ.get("PREAU_CORPUS") or ROOT.parent / "shared" / "corpus")
TIERS = ("recorded", "emitted", "variant")
# Names of vocabularies, not of houses: they stay what they are.
VOCABULARIES = {"www.w3.org", "w3id.org", "joinmastodon.org", "schema.org", "purl.org", "ostatus.org", "litepub.social"}
ADDRESS = re.compile(r"https?://([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::[0-9]+)?)(?![\w@])")
Document = dict[str, Any]


@dataclass(frozen=True)
class Row:
    file: str
    producer: str
    kind: str
    tier: str
    document: Document


def present() -> bool:
    return (CORPUS / "index.jsonl").is_file()


def rows() -> Iterator[Row]:
    for line in (CORPUS / "index.jsonl").read_text().splitlines():
        row = json.loads(line)
        if row["tier"] in TIERS:
            document = json.loads((CORPUS / "documents" / row["file"]).read_text())
            yield Row(row["file"], row["producer"], row["kind"], row["tier"], document)


@dataclass(frozen=True)
class Origins:
    """`https://mastodon.example/users/x` of document 7 is `http://mastodon.example.n7.localhost:port/users/x`."""

    port: int

    def of(self, host: str, number: int) -> str:
        return f"{host.lower().replace(':', '-')}.n{number}.localhost:{self.port}"

    def moved(self, document: Any, number: int) -> Any:
        """The same document with every address moved; what an inline context says stays as it is."""

        def address(match: re.Match[str]) -> str:
            return match[0] if match[1].lower() in VOCABULARIES else f"http://{self.of(match[1], number)}"

        return walk(document, lambda text: ADDRESS.sub(address, text))


def walk(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [walk(each, change) for each in value]
    if isinstance(value, dict):
        return {key: context(each, change) if key == "@context" else walk(each, change) for key, each in value.items()}
    return value


def context(value: Any, change: Callable[[str], str]) -> Any:
    """Addresses of contexts move, so that a house would see it if one were fetched."""
    if isinstance(value, list):
        return [context(each, change) for each in value]
    return change(value) if isinstance(value, str) else value


def swapped(document: Any, old: str, new: str) -> Any:
    return walk(document, lambda text: new if old and text == old else text)
