"""Reads the file of settings as systemd reads an `EnvironmentFile=`, runs nothing of it, and needs Python alone.

python3 -I instance/environment_file.py FILE check
python3 -I instance/environment_file.py FILE value PREAU_HOST
python3 -I instance/environment_file.py FILE run COMMAND…     with these settings, unless a line is not understood
python3 -I instance/environment_file.py FILE try COMMAND…     with those that are
"""

import os
import re
import sys
from pathlib import Path
from typing import NamedTuple


def gettext_noop(text: str) -> str:
    """Marks what `preau doctor` says in other languages too."""
    return text


NO_EQUALS = gettext_noop("il y manque « = »")
NO_NAME = gettext_noop("ce qui est devant « = » n’est pas un nom de réglage")
EXPORTED = gettext_noop("« export » est de trop")
OPEN_QUOTES = gettext_noop("un guillemet n’y est pas refermé")
NOT_TEXT = gettext_noop("elle n’est pas en UTF-8, ou tient un caractère invisible")
GOES_ON = gettext_noop("ce commentaire finit par une barre oblique inversée, qui y joint la ligne suivante")
SENTENCE = "{file}, ligne {line} : {why}. Une ligne s’écrit NOM=valeur, ou NOM='valeur'. Corrigez-la, puis recommencez."

BETWEEN = re.compile(r"[ \t\r\n]+|[#;][^\r\n]*")
TRAP = re.compile(r"[#;](?:\\[^\r\n]|[^\\\r\n])*\\\n[ \t]*[^\s#;]")  # one comment before systemd 254, and not since
BEFORE_VALUE = re.compile(r"[^=\r\n]*")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
BLANKS = re.compile(r"[ \t]*")
QUOTED = {"'": re.compile(r"'([^'\r\n]*)'"), '"': re.compile(r'"((?:\\.|[^"\\\r\n])*)"', re.DOTALL)}
BARE = re.compile(r"(?:\\(?:.|\Z)|[^\\\r\n])*", re.DOTALL)
INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Wrong(NamedTuple):
    """The number of a line, and one of the reasons above; never a word of it, which may be secret."""

    line: int
    why: str


class NotUnderstood(Exception):
    """With the reason."""


def read(content: bytes) -> tuple[dict[str, str], list[Wrong]]:
    """The settings; and the lines that systemd passes over, or reads otherwise than they look."""
    text, place = content.decode(errors="surrogateescape"), 0
    found: dict[str, str] = {}
    wrong: list[Wrong] = []
    while place < len(text):
        try:
            place = one(text, place, found)
        except NotUnderstood as why:
            wrong.append(Wrong(text.count("\n", 0, place) + 1, str(why)))
            ends = text.find("\n", place)
            place = ends if ends >= 0 else len(text)
    return found, wrong


def one(text: str, place: int, found: dict[str, str]) -> int:
    """Where the blanks, the comment or the assignment ends that begins there."""
    if TRAP.match(text, place):
        raise NotUnderstood(GOES_ON)
    if between := BETWEEN.match(text, place):
        return between.end()
    before = matched(BEFORE_VALUE, text, place)
    if not text.startswith("=", before.end()):
        raise NotUnderstood(NO_EQUALS)
    name = before[0].rstrip()
    if not NAME.fullmatch(name):
        raise NotUnderstood(EXPORTED if re.match(r"export\s", name) else NO_NAME)
    value, ends = value_of(text, before.end() + 1)
    if INVISIBLE.search(value):
        raise NotUnderstood(NOT_TEXT)
    found[name] = value
    return ends


def value_of(text: str, place: int) -> tuple[str, int]:
    """Quoted parts one after another, and what is not quoted to the end of the line."""
    value = ""
    while True:
        place = matched(BLANKS, text, place).end()
        quotes = text[place : place + 1]
        if quotes not in QUOTED or not quotes:
            bare = matched(BARE, text, place)
            return value + without_escapes(bare[0]), bare.end()
        quoted = QUOTED[quotes].match(text, place)
        if quoted is None:
            raise NotUnderstood(OPEN_QUOTES)
        value, place = value + (quoted[1] if quotes == "'" else between_double(quoted[1])), quoted.end()


def without_escapes(bare: str) -> str:
    """Blanks at its end count when they are escaped; the end of a line does not, then."""
    parts = re.findall(r"\\.?|[^\\]+", bare, re.DOTALL)
    if parts and not parts[-1].startswith("\\"):
        parts[-1] = parts[-1].rstrip(" \t")
    return "".join(part[1:].strip("\r\n") if part.startswith("\\") else part for part in parts)


def between_double(text: str) -> str:
    """As in a shell, but for $ and `, which mean nothing."""

    def said(escaped: re.Match[str]) -> str:
        return escaped[1] if escaped[1] in '"\\`$' else "" if escaped[1] == "\n" else escaped[0]

    return re.sub(r"\\(.)", said, text, flags=re.DOTALL)


def matched(pattern: re.Pattern[str], text: str, place: int) -> re.Match[str]:
    """Of a pattern that nothing fulfils too."""
    found = pattern.match(text, place)
    assert found  # noqa: S101  not for rights: it tells the types
    return found


def main(file: str, verb: str, *words: str) -> None:
    try:
        found, wrong = read(Path(file).read_bytes())
    except OSError as error:
        sys.exit(f"{file} ne peut pas être lu ({error.strerror}) : lancez cette commande en root.")
    if wrong and verb != "try":
        sys.exit("\n".join(SENTENCE.format(file=file, line=each.line, why=each.why) for each in wrong))
    if verb == "value":
        sys.stdout.write(found.get(words[0], "") + "\n")
    elif verb != "check":
        os.execvpe(words[0], words, {**os.environ, **found})  # noqa: S606  no shell is what it is for


if __name__ == "__main__":
    main(*sys.argv[1:])
