"""The inventory of cryptography: each use as it is declared, with the sizes and names that the code itself holds."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from math import log2
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.sessions.backends.base import VALID_KEY_CHARS

from federation import keys, message_signatures, signatures
from instance import settings
from instance.backups import keys_apart
from instance.configuration import ROOT
from instance.streaming import seals

DECLARED = ROOT / "instance/trust/cryptography.toml"
# What a module imports to do cryptography, or what is only as good as cryptography.
TOOLS = re.compile(
    r"(hashlib|hmac|secrets|ssl|cryptography|http_ece|py_vapid|jwcrypto|argon2|pycryptodome|Crypto|nacl|obstore)(\.|$)"
    r"|django\.(core\.signing|utils\.crypto)$"
)
ROOMS = ("federation", "actors", "outbox", "inbox", "instance")


@cache
def uses() -> tuple[dict[str, Any], ...]:
    with DECLARED.open("rb") as file:
        return tuple(tomllib.load(file)["use"])


def facts() -> dict[str, str]:
    """By the names that stand in {braces}."""
    argon2 = Argon2PasswordHasher
    validators: Any = settings.AUTH_PASSWORD_VALIDATORS
    minimum = next(each["OPTIONS"] for each in validators if "Minimum" in each["NAME"])
    if [f"{argon2.__module__}.{argon2.__name__}"] != settings.PASSWORD_HASHERS:
        raise ValueError("passwords are hashed otherwise than the inventory says")
    return {
        "ours": str(keys.OURS),
        "least": str(keys.BITS[0]),
        "most": str(keys.BITS[-1]),
        "exponents": ", ".join(map(str, keys.EXPONENTS)),
        "rsa": ", ".join(sorted({each.name.upper() for some in signatures.RSA_HASHES.values() for each in some})),
        "rfc9421": ", ".join(message_signatures.ALGORITHMS),
        "password": f"Argon2id (t={argon2.time_cost}, m={argon2.memory_cost} KiB, p={argon2.parallelism})",
        "shortest": str(minimum["min_length"]),
        "session": str(int(32 * log2(len(VALID_KEY_CHARS)))),
        "moment": str(seals.MOMENT),
        "scrypt": ", ".join(f"{name}={value}" for name, value in keys_apart.SCRYPT.items()),
        "passphrase": str(keys_apart.SHORTEST),
        "tls": " / ".join(re.findall(r"TLSv[\d.]+", line_of("ssl_protocols"))),
    }


def line_of(word: str) -> str:
    lines = (ROOT / "deploy/nginx.conf").read_text().splitlines()
    return next(line for line in lines if line.strip().startswith(word))


def table(language: str) -> list[str]:
    """As Markdown."""
    heads = {"fr": ("usage", "algorithme", "clé", "où"), "en": ("use", "algorithm", "key", "where")}[language]
    known = facts()
    lines = [f"| {' | '.join(heads)} |", "|---|---|---|---|"]
    for each in uses():
        where = ", ".join(f"[`{name}`](../../{name})" for name in each["modules"])
        cells = [each[language], each["how"][language], each["key"][language]]
        lines.append(f"| {' | '.join(filled(cell, known) for cell in cells)} | {where} |")
    return lines


def filled(text: str, known: dict[str, str]) -> str:
    return re.sub(r"{(\w+)}", lambda found: known[found[1]], text)


def modules_with_cryptography(root: Path = ROOT) -> set[str]:
    """Those of ours that import a tool of it, as paths."""
    paths = [path for room in ROOMS for path in (root / room).rglob("*.py") if "migrations" not in path.parts]
    return {path.relative_to(root).as_posix() for path in paths if any(map(TOOLS.match, imports(path)))}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
