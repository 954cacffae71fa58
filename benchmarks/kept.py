"""What a house keeps in its database: rows and bytes, of all tables and their indexes."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass

from benchmarks.houses import House, Production

TABLES = "SELECT relname FROM pg_stat_user_tables ORDER BY relname"
BYTES = "SELECT sum(pg_total_relation_size(relid)) FROM pg_stat_user_tables"


@dataclass(frozen=True)
class Kept:
    rows: dict[str, int]
    bytes: int

    def since(self, before: "Kept", posts: int) -> tuple[dict[str, float], float]:
        """By table, the rows that came with each of so many posts; and the bytes."""
        grown = {name: (count - before.rows.get(name, 0)) / posts for name, count in self.rows.items()}
        return {name: each for name, each in grown.items() if each >= 0.05}, (self.bytes - before.bytes) / posts


def look(house: House) -> Kept:
    """What is really kept: PostgreSQL is told to let go of the places of what it wrote over."""
    if isinstance(house, Production):
        house.looks.execute("VACUUM FULL")
        tables = [name for (name,) in house.looks.execute(TABLES).fetchall()]
        rows = {name: one(house, f"SELECT count(*) FROM {name}") for name in tables}
        return Kept(rows, one(house, BYTES))
    with closing(sqlite3.connect(house.database.removeprefix("sqlite:///"), timeout=20)) as connection:
        ask = lambda question: connection.execute(question).fetchall()  # noqa: E731
        tables = [name for (name,) in ask("SELECT name FROM sqlite_master WHERE type = 'table'")]
        pages = ask("PRAGMA page_count")[0][0] - ask("PRAGMA freelist_count")[0][0]
        rows = {name: ask(f'SELECT count(*) FROM "{name}"')[0][0] for name in tables if "_fts" not in name}
        return Kept(rows, pages * ask("PRAGMA page_size")[0][0])


def one(house: Production, question: str) -> int:
    row = house.looks.execute(question).fetchone()
    return int(row[0]) if row else 0
