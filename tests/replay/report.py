"""The page that says what became of the recorded documents."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from tests.replay.cases import Case

BAR = 0.95
KINDS = ("activity", "object", "actor")
INTRODUCTION = """\
# What other servers really send

This page is written by `python -m tests.replay`. It takes every document of the tiers *recorded*, *emitted* and
*variant* of a corpus of some fifty kinds of servers (`PREAU_CORPUS`, by default `../shared/corpus`; the documents are
not part of this project), and delivers it, really signed, over HTTP, to a house that `preau serve` runs.

- Each document has a world of its own: `https://mastodon.example/users/x` of document 7 becomes
  `http://mastodon.example.n7.localhost:<port>/users/x`, in every text of it but inline contexts and names of
  vocabularies. Those houses are on the allow-list, and serve the actors (with a new key) and the objects of the corpus
  under their moved ids; who or what is missing there is invented under the same id.
- An activity is posted as it is, by its actor. An object comes in a `Create` by its author, an actor in an `Update` of
  itself. Documents of the tier *negative* and *spec-example* are not delivered.
- Before, an agent here follows the sender; what is liked, followed, reported or answered is hers; what is edited,
  withdrawn, pinned or undone was published, or done, by the same actor just before. What is addressed to a few people
  is addressed to her.
- *Has its effect* means: answered 202, handled, and found in the database: the post with its author, audience, title,
  words, place in a thread and number of files; the like, share, follow, answer, report, pin, move, departure or
  withdrawal that its type calls for. What cannot have an effect here, by what it is, is counted apart, with the reason;
  it is delivered all the same where somebody signs it, and must never be answered with 5xx.
"""


def counted(case: Case) -> bool:
    return not case.apart


def works(case: Case) -> bool:
    return case.status == 202 and case.state == "handled" and bool(case.expects) and not case.missing


def accepted(case: Case) -> bool:
    return case.status == 202 and case.state == "handled"


def share(found: list[Case]) -> float:
    return sum(map(works, found)) / len(found) if found else 1.0


def recorded(found: list[Case]) -> list[Case]:
    """What the bar is about: recorded activities and objects that can have an effect."""
    return [case for case in found if counted(case) and case.row.tier == "recorded" and case.row.kind in KINDS[:2]]


def faults(found: list[Case]) -> list[Case]:
    return [case for case in found if case.status >= 500 or case.state in ("failed", "lost")]


def holds(found: list[Case], contexts: list[str]) -> bool:
    return share(recorded(found)) >= BAR and not contexts and not faults(found)


def why(case: Case) -> str:
    """What became of a document that has no effect, in the words of the house, with the addresses of the corpus."""
    return re.sub(r"http://([a-z0-9.-]+)\.n[0-9]+\.localhost:[0-9]+", r"https://\1", told(case))


def told(case: Case) -> str:
    if case.status == 0:
        return "not delivered: nobody signs it"
    if case.status != 202:
        return f"{case.status} {case.reason}"
    if case.state != "handled":
        return f"{case.state}: {case.reason}"
    return f"handled, but {case.missing or 'nothing is expected of it'}"


def grouped(found: Iterable[Case], reason: Callable[[Case], str]) -> list[tuple[str, list[Case]]]:
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in found:
        groups[reason(case)].append(case)
    return sorted(groups.items(), key=lambda each: (-len(each[1]), each[0]))


def summary(found: list[Case], contexts: list[str]) -> str:
    bar = recorded(found)
    whole = [case for case in found if case.row.tier == "recorded" and case.row.kind in KINDS[:2]]
    return "\n".join(
        [
            f"- {len(found)} documents; answered with 5xx, failed or lost: {len(faults(found))};"
            f" contexts fetched: {len(contexts)}.",
            f"- Recorded activities and objects: {len(whole)}, of which {len(bar)} can have an effect here;"
            f" {sum(map(works, bar))} have it: {share(bar):.1%} (the bar is {BAR:.0%}).",
        ]
    )


def table(rows: Iterable[tuple[str, list[Case]]], title: str) -> list[str]:
    lines = [f"| {title} | documents | can have an effect | accepted | have it |", "|---|---|---|---|---|"]
    for name, cases in rows:
        able = [case for case in cases if counted(case)]
        figures = [len(cases), len(able), sum(map(accepted, able)), sum(map(works, able))]
        lines.append(f"| {name} | {' | '.join(map(str, figures))} |")
    return lines


def listed(groups: Iterable[tuple[str, list[Case]]]) -> list[str]:
    return [
        f"- **{reason}** ({len(cases)}): {', '.join(f'`{case.row.file}`' for case in cases)}"
        for reason, cases in groups
    ]


def page(found: list[Case], contexts: list[str]) -> str:
    found = [case for case in found if case.row.kind in KINDS]
    without = [case for case in found if counted(case) and not works(case)]
    apart = [case for case in found if not counted(case)]
    tiers = grouped(found, lambda case: f"{case.row.tier} {case.row.kind}")
    producers = sorted(grouped(found, lambda case: case.row.producer))
    blocks = [
        INTRODUCTION,
        summary(found, contexts) + "\n",
        "\n".join(["## By tier and kind", "", *table(tiers, "tier, kind"), ""]),
        "\n".join(["## By producer", "", *table(producers, "producer"), ""]),
        "\n".join(["## Without effect, and why", "", *listed(grouped(without, why)), ""]),
        "\n".join(["## Counted apart, and why", "", "Such a document:", ""]),
        "\n".join([*listed(grouped(apart, lambda case: f"{case.apart} — {answer(case)}")), ""]),
    ]
    return "\n".join(blocks)


def answer(case: Case) -> str:
    """What the house made of a document that is counted apart, without the ids that differ from one to the next."""
    return why(case).split(": http")[0]
