"""Results as Markdown, under the versions that they were measured with."""

import os
import platform
import sqlite3
import statistics
from collections.abc import Iterable, Sequence
from importlib.metadata import version

import psycopg

PACKAGES = ("django", "cryptography", "aiohttp", "uvicorn", "granian", "celery", "psycopg")


def title(words: str, *databases: str) -> None:
    print(f"\n## {words}\n")
    said = [f"{package} {version(package)}" for package in PACKAGES]
    engines = [f"SQLite {sqlite3.sqlite_version}", *(server_version(each) for each in databases)]
    print(f"Python {platform.python_version()}, {', '.join(said)}; {', '.join(engines)}; {os.cpu_count()} cores\n")


def server_version(address: str) -> str:
    with psycopg.connect(address) as connection:
        row = connection.execute("SHOW server_version").fetchone()
        durable = connection.execute("SHOW fsync").fetchone()
    return f"PostgreSQL {row[0].split()[0] if row else ''} (fsync {durable[0] if durable else ''})"


def rows(head: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    print(f"| {' | '.join(head)} |")
    print(f"|{'---|' * len(head)}")
    for line in lines:
        print(f"| {' | '.join(map(str, line))} |")
    print(flush=True)


def middle(values: Iterable[float], form: str = ".2f") -> str:
    """The median, with the least and the most beside it when there are several."""
    found = list(values)
    spread = f" ({min(found):{form}} to {max(found):{form}})" if len(found) > 1 else ""
    return f"{statistics.median(found):{form}}{spread}"
