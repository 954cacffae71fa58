"""What the demonstration remembers of itself between two starts, and how it begins anew."""

import json
import shutil
from datetime import datetime
from pathlib import Path

from django.utils.timezone import now

from deploy.demo.parts import Plan
from deploy.demo.towns import KEYS

NAME = "demo.json"
FIRST_PORT = 8101


class NotOurs(Exception):
    """A folder that holds something else than a demonstration: nothing in it is touched."""


def read(folder: Path) -> tuple[Plan, bool] | None:
    """The plan of a demonstration that was begun in this folder, and whether it was completed."""
    path = folder / NAME
    if not path.exists():
        if folder.exists() and any(folder.iterdir()):
            raise NotOurs(folder)
        return None
    facts = json.loads(path.read_text())
    plan = Plan(folder, facts["first_port"], facts["agents"], datetime.fromisoformat(facts["begun"]))
    return plan, facts["complete"]


def write(plan: Plan, *, complete: bool) -> None:
    plan.folder.mkdir(parents=True, exist_ok=True)
    facts = {
        "first_port": plan.first_port,
        "agents": plan.agents,
        "begun": plan.begun.isoformat(),
        "complete": complete,
    }
    partial = plan.folder / f"{NAME}.new"
    partial.write_text(json.dumps(facts, indent=2) + "\n")
    partial.replace(plan.folder / NAME)


def begin(folder: Path, first_port: int, agents: int) -> Plan:
    """A new plan. Written before anything else, so that what follows is known to be ours."""
    plan = Plan(folder, first_port, agents, now())
    write(plan, complete=False)
    plan.notes.mkdir()
    return plan


def erase(plan: Plan) -> None:
    """What we made, and nothing else that may lie in the folder; our own mark last."""
    for path in [*(plan.folder / key for key in KEYS), plan.notes]:
        if path.exists():
            shutil.rmtree(path)
    (plan.folder / NAME).unlink(missing_ok=True)
