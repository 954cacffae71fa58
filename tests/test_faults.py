"""The short version of `make faults`: two houses, three moody neighbours, everything killed again and again, one audit.

Its dice are drawn from a seed that it prints: PREAU_SEED=<seed> draws the same ones.
"""

import os
import time
from dataclasses import replace

import pytest

from tests.faults.__main__ import QUICK
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
