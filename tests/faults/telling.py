"""The table at the end of a run, and its status: 1 when anything was lost, duplicated or left."""

import time
from collections import Counter

from tests.faults.audit import Findings
from tests.faults.plan import Plan, Tally
from tests.faults.story import Story

SHOWN = 15


def tell(plan: Plan, findings: Findings, tally: Tally, story: Story) -> int:
    counts = tally.counts
    rows: dict[str, object] = {"duration": f"{time.monotonic() - tally.start:.0f} s, seed {plan.seed}"}
    agents = ("posts", "edits", "withdrawals", "likes", "follows and unfollows")
    rows |= {f"acknowledged {what}": counts[f"acknowledged {what}"] for what in agents}
    unsure = f"{counts['posts without an answer']}, of which {counts['of which were written']} were written"
    rows |= {"posts without an answer": unsure, "acknowledged arrivals": counts["arrival 202"]}
    rows["copies among them"] = counts["copies of arrivals"]
    taken = sum(sum(peer.ledger.taken.values()) for peer in story.peers)
    repeats = sum(peer.ledger.repeats() for peer in story.peers)
    rows["letters taken next door"] = f"{taken}, of which {repeats} repeats were absorbed"
    for title, prefix in (("kills", "kill "), ("answers next door", "answer "), ("answers of inboxes", "arrival "),
                          ("answers of pages", "page ")):  # fmt: skip
        rows[title] = listed(tally.family(prefix))
    rows["started again"] = listed(story.supervisor.revived)
    rows["absences"] = f"{counts['short absences']} short, {counts['long absences']} of {plan.absence} days"
    rows["owed"] = f"{findings.acknowledged.total()} ({listed(findings.acknowledged)})"
    rows["effects"] = f"{findings.effects.total()} ({listed(findings.effects)})"
    rows["left behind"] = listed(findings.left)
    rows |= {"lost": len(findings.lost), "duplicated": len(findings.twice), "stray": len(findings.stray)}
    print()
    for name, value in rows.items():
        print(f"{name:<36} {value}")
    details(findings, tally)
    return 0 if findings.clean and not tally.mistakes else 1


def details(findings: Findings, tally: Tally) -> None:
    if findings.lost:
        print(f"lost, by house and kind: {listed(Counter(f'{row[0]} {row[1]}' for row in findings.lost))}")
    for name, found in (("lost", findings.lost), ("duplicated", findings.twice), ("stray", findings.stray)):
        for row in found[:SHOWN]:
            print(f"  {name}: {' · '.join(map(str, row))}")
    for mistake in tally.mistakes[:SHOWN]:
        print(f"  wrong: {mistake}")
    if len(tally.mistakes) > SHOWN:
        print(f"  and {len(tally.mistakes) - SHOWN} more things are wrong")


def listed(counts: object) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(dict(counts).items())) or "none"  # type: ignore[call-overload]
