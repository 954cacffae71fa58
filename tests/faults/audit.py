"""What was acknowledged, left-joined with what had its effect: the missing is lost, the repeated is duplicated."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, dataclass, field
from typing import Any

import psycopg

from tests.faults.house import House
from tests.faults.ledger import version_of
from tests.faults.moody import MoodyHouse
from tests.faults.plan import Effect, Owed

TABLES = """
    CREATE TEMP TABLE owed (house text, what text, subject text, state text, PRIMARY KEY (house, what, subject));
    CREATE TEMP TABLE effect (house text, what text, subject text, state text, times int)
"""
LOST = """
    SELECT owed.house, owed.what, owed.subject, owed.state,
           coalesce((SELECT string_agg(state, ', ') FROM effect
                     WHERE (house, what, subject) = (owed.house, owed.what, owed.subject)), 'nothing')
    FROM owed LEFT JOIN effect USING (house, what, subject, state) WHERE effect.house IS NULL
"""
TWICE = "SELECT house, what, subject, sum(times) FROM effect GROUP BY house, what, subject HAVING sum(times) > 1"
STRAY = """
    SELECT effect.house, effect.what, effect.subject, effect.state
    FROM effect LEFT JOIN owed USING (house, what, subject) WHERE owed.house IS NULL
"""
POSTS = """
    SELECT uri, html, withdrawn_at IS NOT NULL, (SELECT count(*) FROM outbox_version WHERE post_id = outbox_post.id)
    FROM outbox_post
"""
BURIED = (
    "SELECT uri FROM outbox_tombstone WHERE NOT EXISTS (SELECT 1 FROM outbox_post WHERE uri = outbox_tombstone.uri)"
)
PAIRS = {
    "like": """SELECT actor.uri, post.uri FROM outbox_like JOIN actors_actor actor ON actor.id = actor_id
               JOIN outbox_post post ON post.id = post_id""",
    "follow": """SELECT one.uri, other.uri FROM actors_follow JOIN actors_actor one ON one.id = follower_id
                 JOIN actors_actor other ON other.id = followed_id WHERE state = 'accepted'""",
    "mention": """SELECT reader.uri, post.uri FROM inbox_notification JOIN actors_actor reader ON reader.id = reader_id
                  JOIN outbox_post post ON post.id = post_id WHERE reason = 'mention'
                  AND withdrawn_at IS NULL""",
}
LEFT = {
    "deliveries waiting": "SELECT count(*) FROM federation_delivery WHERE state = 'waiting'",
    "deliveries abandoned": "SELECT count(*) FROM federation_delivery WHERE state = 'abandoned'",
    "rows on lease": "SELECT count(*) FROM federation_delivery WHERE leased_until > now()",
    "receipts waiting": "SELECT count(*) FROM inbox_receipt WHERE state = 'waiting'",
    "receipts failed": "SELECT count(*) FROM inbox_receipt WHERE state = 'failed'",
}


@dataclass
class Findings:
    acknowledged: Counter[str] = field(default_factory=Counter)
    effects: Counter[str] = field(default_factory=Counter)
    lost: list[tuple[Any, ...]] = field(default_factory=list)
    twice: list[tuple[Any, ...]] = field(default_factory=list)
    stray: list[tuple[Any, ...]] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.twice or self.stray or any(self.left.values()))


def effects_of(house: House) -> Iterable[Effect]:
    """What one of ours holds; posts of its own and of the others alike."""
    for uri, html, withdrawn, versions in house.query(POSTS):
        yield Effect(house.host, "post", uri, "withdrawn" if withdrawn else version_of(html))
        if versions and not withdrawn:
            yield Effect(house.host, "edits", uri, str(versions))
    for (uri,) in house.query(BURIED):
        if not re.search(r"/activities/", uri):
            yield Effect(house.host, "post", uri, "withdrawn")
    for what, sql in PAIRS.items():
        for one, other in house.query(sql):
            yield Effect(house.host, what, f"{one} {other}", "there")


def left_in(houses: Iterable[House]) -> dict[str, int]:
    return {name: sum(house.query(sql)[0][0] for house in houses) for name, sql in LEFT.items()}


def audit(owed: Iterable[Owed], houses: list[House], peers: list[MoodyHouse]) -> Findings:
    effects = [effect for house in houses for effect in effects_of(house)]
    effects += [effect for peer in peers for effect in peer.ledger.effects()]
    with psycopg.connect(houses[0].address) as connection:
        findings = compare(owed, effects, connection)
    findings.left = left_in(houses)
    return findings


def compare(owed: Iterable[Owed], effects: Iterable[Effect], connection: psycopg.Connection) -> Findings:
    """Both sides go into tables of any database, and SQL joins them."""
    due, had = {(each.house, each.what, each.subject): each for each in owed}, list(effects)
    findings = Findings(Counter(each.what for each in due.values()), Counter(each.what for each in had))
    connection.execute(TABLES)
    cursor = connection.cursor()
    for table, rows in (("owed", due.values()), ("effect", had)):
        with cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(astuple(row))
    findings.lost = cursor.execute(LOST).fetchall()
    findings.twice = cursor.execute(TWICE).fetchall()
    findings.stray = cursor.execute(STRAY).fetchall()
    return findings
