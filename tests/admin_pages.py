"""The pages for admins as tests read them: their commands, their titles, their links."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
INDEX = DOCS / "operations" / "README.md"
SIZES = DOCS / "operations" / "scaling.md"  # in English: others know it by this address
FRENCH = sorted({*DOCS.glob("operations/*.md"), *DOCS.glob("confiance/*.md")} - {INDEX, SIZES})
ENGLISH = sorted([SIZES, *DOCS.glob("operations/en/*.md"), *DOCS.glob("trust/*.md")])
BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
TITLE = re.compile(r"^(#+) (.*)$", re.MULTILINE)
SPAN = re.compile(r"`([^`]+)`")
BRACKETS = re.compile(r"\((preau(?:-host)? [^()`]+)\)")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    return BLOCK.sub("", page.read_text())


def shell_lines(page: Path) -> list[str]:
    """As they are typed: without what a comment says of them."""
    lines = [line for _, kind, text in BLOCK.findall(page.read_text()) if kind == "sh" for line in text.splitlines()]
    return [without_comment(line) for line in lines if without_comment(line)]


def without_comment(line: str) -> str:
    return re.sub(r"(^|\s)#.*", "", line).strip()


def titles(page: Path) -> list[str]:
    """Their depths, in order."""
    return [depth for depth, _title in TITLE.findall(prose(page))]


def places(page: Path) -> set[str]:
    """What may follow # in a link to this page, as forges make it of a title."""
    said = [title.strip().lower() for _depth, title in TITLE.findall(prose(page))]
    return {re.sub(r"[^\w -]", "", title).replace(" ", "-") for title in said}


def links(page: Path) -> list[tuple[Path, str]]:
    """To files of ours: which, and the place in it."""
    found = [link.partition("#") for link in LINK.findall(prose(page)) if "://" not in link and "mailto:" not in link]
    return [((page.parent / name).resolve() if name else page, place) for name, _, place in found]


def simple_commands(line: str) -> Iterator[list[str]]:
    """The words of each command on a line: `preau backup ; journalctl -u preau-backup` has two."""
    words: list[str] = []
    tokens = shlex.shlex(line, posix=True, punctuation_chars=True)
    tokens.whitespace_split = True
    for token in tokens:
        if set(token) <= set(";&|()<>"):
            yield words
            words = []
        else:
            words.append(token)
    yield words


def typed(page: Path) -> Iterator[list[str]]:
    """Commands to type as they stand."""
    for line in shell_lines(page):
        yield from simple_commands(line)


def mentioned(page: Path) -> Iterator[list[str]]:
    """What is said of commands in passing: their options may be there, and what they need may not."""
    text = prose(page)
    for said in [*SPAN.findall(text), *BRACKETS.findall(text)]:
        words = said.replace("…", "").split()
        if words and re.match(r"preau$|preau-host$|--[a-z]|.*\.sh$", words[0]):
            yield from simple_commands(" ".join(words))
