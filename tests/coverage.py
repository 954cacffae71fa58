"""What the quick tests reach, of both databases together: `python -m tests.coverage` says what they do not.

SlipCover writes what each run reached; the bars are in pyproject.toml. Coverage.py would nearly double the time.
"""

import json
import re
import sys
import tomllib
from fnmatch import fnmatch
from functools import reduce
from pathlib import Path
from typing import Any, NamedTuple

from slipcover import merge_coverage

ROOT = Path(__file__).resolve().parent.parent
FOUND = ROOT / ".test"
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["preau"]["coverage"]
LEFT_OUT = re.compile("|".join(SETTINGS["left_out"]))


class File(NamedTuple):
    name: str
    reached: int
    missing: list[str]  # lines, and branches as "from->to"

    @property
    def whole(self) -> bool:
        return any(fnmatch(self.name, each) for each in SETTINGS["whole"])


def main() -> int:
    found = reduce(joined, (json.loads(each.read_text()) for each in sorted(FOUND.glob("coverage-*.json"))))
    files = [read(name, entry) for name, entry in sorted(found["files"].items()) if "/migrations/" not in name]
    reached = sum(each.reached for each in files)
    overall = 100 * reached / (reached + sum(len(each.missing) for each in files))
    for each in files:
        if each.missing:
            print(f"{each.name}{' (must be whole)' if each.whole else ''}: {', '.join(each.missing)}")
    broken = [each.name for each in files if each.whole and each.missing]
    print(f"{overall:.1f} % of lines and branches reached, {SETTINGS['overall']} asked; to be made whole: {broken}")
    return 1 if broken or overall < SETTINGS["overall"] else 0


def joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    merge_coverage(one, other)
    return one


def read(name: str, entry: dict[str, Any]) -> File:
    lines = (ROOT / name).read_text().splitlines()
    left_out = {number for number, line in enumerate(lines, 1) if LEFT_OUT.search(line)}
    branches = [(one, other) for one, other in entry["missing_branches"] if not {one, other} & left_out]
    missing = [str(each) for each in entry["missing_lines"] if each not in left_out]
    missing += [f"{one}->{other or 'end'}" for one, other in branches]
    return File(name, len(entry["executed_lines"]) + len(entry["executed_branches"]), missing)


if __name__ == "__main__":
    sys.exit(main())
