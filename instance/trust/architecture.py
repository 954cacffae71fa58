"""The tables in the pages on the security architecture that are made from the code, between marks that name them."""

import re
from collections.abc import Callable
from pathlib import Path

from instance.configuration import ROOT
from instance.trust import ciphers, openings

UNITS = ROOT / "deploy/systemd"
ATTACKS = ROOT / "docs/federation/attacks.md"
MARKED = re.compile(r"(<!-- preau trust pages: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
ROW = re.compile(r"^\| (\d+) \| .* \| (.*) \|$", re.MULTILINE)
ABOUT = ("User", "MemoryMax")
HARDENING = re.compile(
    r"^((?:NoNewPrivileges|Private\w+|Protect\w+|Restrict\w+|LockPersonality|Capability\w+|SystemCall\w+|UMask)=.*)$",
    re.MULTILINE,
)
SECTIONS = {
    "Signatures": "Signatures",
    "Addresses, names and fetching": "Adresses, noms et lectures",
    "Origins and ownership": "Origine et propriété",
    "JSON, sizes and depth": "JSON, tailles et profondeur",
    "Texts and media": "Textes et médias",
    "What is not for everyone": "Ce qui n’est pas pour tous",
    "Client API, sessions and operation": "Applications, connexions et exploitation",
}


def page(path: Path, language: str) -> str:
    """The page as it is, with each marked table made anew."""

    def made(found: re.Match[str]) -> str:
        return f"{found[1]}\n{chr(10).join(TABLES[found[2]](language))}\n\n{found[3]}"

    return MARKED.sub(made, path.read_text())


def attacks(language: str) -> list[str]:
    """The matrix, section by section: its rows, and those that no test proves because they do not apply."""
    heads = {"fr": ("famille", "lignes", "sans objet encore"), "en": ("family", "rows", "not applicable yet")}
    lines = [f"| {' | '.join(heads[language])} |", "|---|---|---|"]
    for section in ATTACKS.read_text().split("\n## ")[1:]:
        rows, title = ROW.findall(section), section.split("\n", 1)[0]
        said = SECTIONS[title] if language == "fr" else title
        unproven = ", ".join(number for number, proof in rows if "`tests/" not in proof)
        lines.append(f"| {said} | {rows[0][0]}–{rows[-1][0]} | {unproven or '—'} |")
    return lines


def units(language: str) -> list[str]:
    """What runs, as whom, where it listens; and what every unit holds to."""
    heads = {"fr": ("unité", "compte", "écoute", "mémoire"), "en": ("unit", "account", "listens at", "memory")}
    paths = sorted(UNITS.glob("*.service"))
    lines = [f"| {' | '.join(heads[language])} |", "|---|---|---|---|", *map(unit, paths)]
    shared = set.intersection(*(set(HARDENING.findall(path.read_text())) for path in paths))
    of_all = {"fr": "Chacune :", "en": "Each of them:"}[language]
    return [*lines, "", f"{of_all} {', '.join(f'`{each}`' for each in sorted(shared))}."]


def unit(path: Path) -> str:
    text = path.read_text()
    account, memory = (re.search(rf"^{name}=(.*)$", text, re.MULTILINE) for name in ABOUT)
    ports = re.findall(r"--port (\d+)", text)
    told = (account[1] if account else "root", ", ".join(f"127.0.0.1:{each}" for each in ports) or "—")
    return f"| `{path.name}` | {' | '.join(told)} | {memory[1] if memory else '—'} |"


TABLES: dict[str, Callable[[str], list[str]]] = {
    "ciphers": ciphers.table,
    "doors": openings.table,
    "attacks": attacks,
    "units": units,
}
