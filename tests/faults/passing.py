"""Hours that go by in seconds: what is due later, and the leases of the dead, are moved back in the database."""

import threading
import time
from collections.abc import Iterable
from datetime import datetime

import psycopg

from tests.faults.house import House
from tests.faults.moody import MoodyHouse
from tests.faults.plan import Plan, Tally

EVERY = 2.0
HOURS = 8
LEASE_SEEN = 20.0  # seconds that a lease was seen unchanged, after which its minute is over
MOVED = {"due_at", "try_at", "pause_until", "paused_until"}
TABLES = ("federation_delivery", "federation_peer", "inbox_receipt")


class Passing:
    def __init__(self, houses: list[House], tally: Tally) -> None:
        self.houses, self.tally = houses, tally
        self.columns = {
            house.host: house.query(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_name = ANY(%s) AND data_type LIKE 'timestamp%%'", [list(TABLES)],
            ) for house in houses
        }  # fmt: skip
        self.leases: dict[tuple[str, str, int, datetime], float] = {}
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join()

    def run(self) -> None:
        while not self.stopping.wait(EVERY):
            for house in self.houses:
                try:
                    self.pass_hours(house, HOURS)
                    self.end_leases(house)
                except psycopg.Error:
                    self.tally.add("hours that did not pass, the database being dead")

    def moved(self, house: House, names: Iterable[str]) -> list[tuple[str, str]]:
        return [(table, column) for table, column in self.columns[house.host] if column in names]

    def pass_hours(self, house: House, hours: int) -> None:
        for table, column in self.moved(house, MOVED):
            where = f"{column} > now()" + ("" if table.endswith("peer") else " AND state = 'waiting'")
            house.query(
                f"UPDATE {table} SET {column} = {column} - make_interval(hours => %s) WHERE id IN"
                f" (SELECT id FROM {table} WHERE {where} FOR UPDATE SKIP LOCKED)", [hours], patience=1,
            )  # fmt: skip

    def end_leases(self, house: House) -> None:
        """Of those seen for so long that whoever took them must be dead."""
        seen: dict[tuple[str, str, int, datetime], float] = {}
        for table, column in self.moved(house, ["leased_until"]):
            rows = house.query(f"SELECT id, {column} FROM {table} WHERE {column} > now()", patience=1)
            for pk, until in rows:
                lease = (house.host, table, pk, until)
                seen[lease] = self.leases.get(lease, time.monotonic())
                if time.monotonic() - seen[lease] > LEASE_SEEN:
                    house.query(f"UPDATE {table} SET {column} = now() WHERE id = %s AND {column} = %s", [pk, until], 1)
                    self.tally.add("leases ended")
        self.leases = {lease: at for lease, at in self.leases.items() if lease[0] != house.host} | seen

    def orphan(self, house: House) -> None:
        """Every worker of the house has just been killed: whatever is on lease was theirs."""
        for table, column in self.moved(house, ["leased_until"]):
            try:
                house.query(f"UPDATE {table} SET {column} = now() WHERE {column} > now()", patience=1)
            except psycopg.Error:
                self.tally.add("leases that were left, the database being dead")

    def pass_days(self, house: House, days: int, host: str) -> None:
        """For what is owed to one house, everything was written and failed so many days earlier."""
        for table, column in self.columns[house.host]:
            if table == "federation_delivery":
                where = "host = %s AND state = 'waiting'"
            elif table == "federation_peer" and column in ("try_at", "failing_since"):
                where = "host = %s"
            else:
                continue
            house.query(f"UPDATE {table} SET {column} = {column} - make_interval(days => {days}) WHERE {where}", [host])


class Weather(threading.Thread):
    """Each neighbour is down now and then, and one of them for days."""

    def __init__(self, plan: Plan, tally: Tally, passing: Passing, peers: list[MoodyHouse]) -> None:
        super().__init__(daemon=True)
        self.plan, self.tally, self.passing, self.peers = plan, tally, passing, peers
        self.luck, self.stopping = plan.luck("weather"), threading.Event()

    def run(self) -> None:
        step = self.plan.seconds / 8
        self.stopping.wait(step)
        absent = self.luck.choice(self.peers)
        self.tally.say(f"{absent.name} goes away for {self.plan.absence} days")
        self.be_down(absent, step, days=self.plan.absence)
        while not self.stopping.wait(self.luck.uniform(0.5, 1.5) * step):
            self.be_down(self.luck.choice(self.peers), step / 3)

    def be_down(self, peer: MoodyHouse, seconds: float, days: int = 0) -> None:
        peer.down.set()
        try:
            for _ in range(max(days, 1)):
                if self.stopping.wait(seconds / max(days, 1)):
                    return
                for house in self.passing.houses if days else []:
                    self.passing.pass_days(house, 1, peer.host)
        finally:
            peer.down.clear()
            self.tally.add("long absences" if days else "short absences")
