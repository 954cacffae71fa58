"""The short version of `make faults`: two houses, three moody neighbours, everything killed again and again, one audit.

Its dice are drawn from a seed that it prints: PREAU_SEED=<seed> draws the same ones.
"""

import os
import time
from dataclasses import replace

import psycopg
import pytest

from tests.faults.__main__ import QUICK
from tests.faults.audit import compare
from tests.faults.plan import Effect, Owed
from tests.faults.story import run
from tests.faults.telling import tell

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


def test_nothing_is_lost_or_duplicated_in_a_storm():
    seed = int(os.environ.get("PREAU_SEED", time.time_ns() % 1_000_000))
    plan = replace(QUICK, seed=seed)
    findings, tally, story = run(plan)
    status = tell(plan, findings, tally, story)
    assert (findings.lost, findings.twice, findings.stray) == ([], [], [])
    assert (findings.left, tally.mistakes) == (dict.fromkeys(findings.left, 0), [])
    assert len(tally.family("kill ")) >= 6, "too few kinds of kills for this to mean anything"
    assert status == 0


def test_the_audit_sees_what_is_lost_what_is_there_twice_and_what_nobody_owed():
    owed = [Owed("vernay", "post", name, "version 2") for name in ("whole", "gone", "stale", "twice", "doubled")]
    effects = [
        Effect("vernay", "post", "whole", "version 2"),
        Effect("aubin", "post", "gone", "version 2"),
        Effect("vernay", "post", "stale", "version 1"),
        Effect("vernay", "post", "twice", "version 2", times=2),
        Effect("vernay", "post", "doubled", "version 2"),
        Effect("vernay", "post", "doubled", "version 2"),
    ]
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        found = compare(owed, effects, connection)
    assert sorted((row[2], row[4]) for row in found.lost) == [("gone", "nothing"), ("stale", "version 1")]
    assert sorted((row[2], row[3]) for row in found.twice) == [("doubled", 2), ("twice", 2)]
    assert found.stray == [("aubin", "post", "gone", "version 2")]
    assert not found.clean
