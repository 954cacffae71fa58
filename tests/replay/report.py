"""The page that says what became of the recorded documents."""

from collections import Counter, defaultdict

from tests.replay.cases import Case

BAR = 0.95


def counted(case: Case) -> bool:
    return not case.apart


def works(case: Case) -> bool:
    return case.status == 202 and case.state == "handled" and bool(case.expects) and not case.missing


def share(found: list[Case]) -> float:
    return sum(map(works, found)) / len(found) if found else 1.0


def recorded(found: list[Case]) -> list[Case]:
    return [case for case in found if counted(case) and case.row.tier == "recorded" and case.row.kind != "actor"]


def holds(found: list[Case], contexts: list[str]) -> bool:
    return share(recorded(found)) >= BAR and not contexts and not any(case.status >= 500 for case in found)


def summary(found: list[Case], contexts: list[str]) -> str:
    lines = [f"{len(found)} documents; answers of 500 and more: {sum(c.status >= 500 for c in found)};"
             f" contexts fetched: {len(contexts)}"]  # fmt: skip
    for tier in ("recorded", "emitted", "variant"):
        for kind in ("activity", "object", "actor"):
            rows = [c for c in found if c.row.tier == tier and c.row.kind == kind]
            deliverable = [c for c in rows if counted(c)]
            done = sum(map(works, deliverable))
            lines.append(f"{tier} {kind}: {len(rows)}, of which {len(deliverable)} can have an effect: {done} have it")
    lines.append(f"recorded activities and objects: {share(recorded(found)):.1%}")
    return "\n".join(lines)


def why(case: Case) -> str:
    if case.status != 202:
        return f"{case.status} {case.reason}"
    if case.state != "handled":
        return f"{case.state}: {case.reason}"
    return f"handled, but {case.missing or 'nothing is expected of it'}"


def page(found: list[Case], contexts: list[str]) -> str:
    return "\n".join(f"- {case.row.file}: {case.apart}: {why(case)}" for case in found) + "\n"


def grouped(found: list[Case], reason: str) -> dict[str, list[Case]]:
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in found:
        groups[getattr(case, reason) if reason == "apart" else why(case)].append(case)
    return dict(groups)


def tally(found: list[Case]) -> Counter[str]:
    return Counter(case.row.producer for case in found)
