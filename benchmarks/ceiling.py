"""The machine's own ceiling, measured in the same run: RSA-2048 signatures, and bare INSERT transactions."""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from benchmarks.processes import cpu_seconds, parent

SECONDS = 0.7
TEXT = b"(request-target): post /ap/inbox\nhost: saint-aubin.fr\n" * 4
BODY = "x" * 1500
ROWS = "bare (id INTEGER PRIMARY KEY, uri VARCHAR(500) UNIQUE, body TEXT)"
INSERT = "INSERT INTO bare (id, uri, body) VALUES (%s, %s, %s)"


@dataclass(frozen=True)
class Ceiling:
    """Milliseconds of processor time for one of each, and transactions per second by the clock."""

    sign_ms: float
    verify_ms: float
    insert_ms: float
    inserts_a_second: float

    def lines(self) -> list[tuple[str, str]]:
        return [
            ("RSA-2048 signatures made per CPU-second, one core", f"{1000 / self.sign_ms:,.0f}"),
            ("RSA-2048 signatures verified per CPU-second, one core", f"{1000 / self.verify_ms:,.0f}"),
            ("bare INSERT transactions per second, one connection", f"{self.inserts_a_second:,.0f}"),
            ("CPU of a bare INSERT transaction, database included", f"{self.insert_ms:.3f} ms"),
        ]


def measure(database: str) -> Ceiling:
    """Of this machine with this database: a `postgres://` address, or a folder for a SQLite file."""
    sign_ms, verify_ms = rsa_ms()
    insert_ms, rate = of_postgres(database) if database.startswith("postgres") else of_sqlite(Path(database))
    return Ceiling(sign_ms, verify_ms, insert_ms, rate)


def rsa_ms() -> tuple[float, float]:
    key = rsa.generate_private_key(65537, 2048)
    public, signature = key.public_key(), key.sign(TEXT, PKCS1v15(), hashes.SHA256())
    sign, _ = repeat(lambda number: key.sign(TEXT, PKCS1v15(), hashes.SHA256()))
    verify, _ = repeat(lambda number: public.verify(signature, TEXT, PKCS1v15(), hashes.SHA256()))
    return sign, verify


def repeat(act: Callable[[int], object], others: tuple[int, ...] = ()) -> tuple[float, float]:
    """CPU milliseconds of one act, in this process and in others, and acts per second by the clock."""
    begun, used = time.monotonic(), cpu_seconds([os.getpid(), *others])
    number = 0
    while time.monotonic() - begun < SECONDS:
        number += 1
        act(number)
    took = time.monotonic() - begun
    return (cpu_seconds([os.getpid(), *others]) - used) * 1000 / number, number / took


def of_sqlite(folder: Path) -> tuple[float, float]:
    """With the settings of an instance (instance/settings.py)."""
    with closing(sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(f"CREATE TABLE {ROWS}")
        statement = INSERT.replace("%s", "?")
        return repeat(lambda number: connection.execute(statement, (number, f"https://bare/{number}", BODY)))


def of_postgres(address: str) -> tuple[float, float]:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {ROWS}".replace("TEMPORARY ", ""))
        try:
            server = postmaster(connection)
            values = lambda number: (number, f"https://bare/{number}", BODY)  # noqa: E731
            return repeat(lambda number: connection.execute(INSERT, values(number)), (server,))
        finally:
            connection.execute("DROP TABLE bare")


def postmaster(connection: "psycopg.Connection[tuple[object, ...]]") -> int:
    """The process whose children serve the connections."""
    return parent(connection.info.backend_pid)
