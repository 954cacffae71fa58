"""The files of docs/confiance and docs/trust that are written from what Préau is: writing them, finding stale ones."""

from collections.abc import Callable
from pathlib import Path

from instance.configuration import ROOT
from instance.trust import architecture, bill, data_page

ARCHITECTURE = {
    "fr": ROOT / "docs/confiance/architecture-securite.md",
    "en": ROOT / "docs/trust/security-architecture.md",
}
PAGES: dict[str, Callable[[], str]] = {
    "docs/confiance/donnees-personnelles.md": lambda: data_page.page("fr"),
    "docs/trust/personal-data.md": lambda: data_page.page("en"),
    "docs/confiance/architecture-securite.md": lambda: architecture.page(ARCHITECTURE["fr"], "fr"),
    "docs/trust/security-architecture.md": lambda: architecture.page(ARCHITECTURE["en"], "en"),
    bill.BILL.relative_to(ROOT).as_posix(): lambda: bill.text(bill.bill()),
}


def stale(root: Path = ROOT) -> list[str]:
    """Those that say something else than what is."""
    return [name for name, made in PAGES.items() if not is_same(root / name, made())]


def is_same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text() == text


def write(root: Path = ROOT) -> list[str]:
    """Write again those that are stale, and say which."""
    names = stale(root)
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(PAGES[name]())
    return names
