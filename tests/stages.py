"""Runs the stages of `make test`, all or the named ones, to the end, and says which failed and how long each took."""

import io
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
SOURCES = "federation,actors,outbox,inbox,instance"
HERE_ONLY = "not browser and not peer"
QUICK_ROWS = "database and not row and not slow"
# A process for each core, and one more where tests wait for their houses. The tests of a file stay together, since they
# may share a house that takes long to start; slow files come first (tests/conftest.py).
CORES = os.cpu_count() or 1
PYTEST = ["-m", "pytest", "--dist", "loadfile", "--no-loadscope-reorder", "--numprocesses"]
BUSY, WAITING = str(min(4, CORES)), str(min(4, CORES + 1))
UNMEASURED = [PYTHON, *PYTEST]
ON_SERVERS = [PYTHON, "-m", "tests.servers", "--"]


def measured(name: str, processes: str, chosen: str) -> list[str]:
    """The tests that are chosen, with what they reach written down for tests/coverage.py."""
    slipcover = ["-m", "slipcover", "--branch", "--source", SOURCES, "--json", "--out", f".test/coverage-{name}.json"]
    return [PYTHON, *slipcover, *PYTEST, processes, "-m", chosen]


# These are done side by side, the longest first.
CHECKS = ("types", "templates", "django", "format", "lint", "contracts")
STAGES: dict[str, list[list[str]]] = {
    "format": [["ruff", "format", "--check", "--quiet", "."]],
    "lint": [["ruff", "check", "--quiet", "."]],
    "django": [
        [
            "sh",
            "-c",
            "git ls-files -z '*.py' ':!:*/migrations/*' | xargs -0 django-upgrade --target-version 5.2 --check",
        ]
    ],
    "templates": [["djlint", "--lint", "--quiet", "templates"]],
    "types": [["mypy"]],
    "contracts": [["lint-imports", "--no-logo"]],
    # Each quick test once, where it means most: attacks, and what asks no database, on SQLite, others on PostgreSQL.
    # `make unit` runs them all on SQLite. Slow tests start houses of their own, which choose their own database; beside
    # them are browsers and independent implementations.
    "sqlite": [
        measured("sqlite", BUSY, f"(row or sqlite or not database) and not slow and not postgres and {HERE_ONLY}")
    ],
    "houses": [[*UNMEASURED, WAITING, "-m", "slow and not postgres or peer or browser"]],
    "postgres": [[*ON_SERVERS, *measured("postgres", WAITING, f"(postgres or {QUICK_ROWS}) and {HERE_ONLY}")]],
    "coverage": [[PYTHON, "-m", "tests.coverage"]],
}


@dataclass(frozen=True)
class Outcome:
    name: str
    passed: bool
    seconds: float
    last_line: str


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in STAGES]
    if unknown:
        print(f"There is no stage {', '.join(unknown)}; there are: {', '.join(STAGES)}.", file=sys.stderr)
        return 2
    os.chdir(ROOT)
    if not names:
        for leftover in (ROOT / ".test").glob("coverage*"):
            leftover.unlink()
    start, chosen = time.monotonic(), names or list(STAGES)
    with ThreadPoolExecutor(CORES) as side_by_side:
        outcomes = list(side_by_side.map(run, [name for name in CHECKS if name in chosen]))
    outcomes += [run(name) for name in chosen if name not in CHECKS]
    tell(outcomes, time.monotonic() - start)
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def run(name: str) -> Outcome:
    """What checks say is passed on when they have said it, since several speak at once; what tests say, as they do."""
    start, passed, last_line, heading = time.monotonic(), True, "", f"\n━━ {name}\n".encode()
    said = io.BytesIO() if name in CHECKS else sys.stdout.buffer
    said.write(heading)
    for command in STAGES[name]:
        status, last_line = echo(command, said)
        passed = passed and status == 0
    if isinstance(said, io.BytesIO):
        sys.stdout.buffer.write(said.getvalue())
        sys.stdout.flush()
    return Outcome(name, passed, time.monotonic() - start, last_line)


def echo(command: list[str], said: BinaryIO) -> tuple[int, str]:
    """Run a command, pass on what it says as it says it, and keep its last line for the summary."""
    colours = {"PYTEST_ADDOPTS": "--color=yes", "FORCE_COLOR": "1"} if sys.stdout.isatty() else {}
    path = f"{Path(PYTHON).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    environment = {**os.environ, **colours, "PATH": path, "PYTHONUNBUFFERED": "1"}
    last_line = ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment) as process:
        assert process.stdout
        for line in process.stdout:
            said.write(line)
            said.flush()
            last_line = line.decode(errors="replace").strip() or last_line
    return process.returncode, last_line


def tell(outcomes: list[Outcome], seconds: float) -> None:
    print("\n━━ summary")
    for outcome in outcomes:
        verdict = "passed" if outcome.passed else "FAILED"
        print(f"{outcome.name:<10} {verdict}  {outcome.seconds:6.1f} s  {outcome.last_line[:120]}")
    print(f"{'total':<10} {' ' * len('passed')}  {seconds:6.1f} s")
    failed = [outcome.name for outcome in outcomes if not outcome.passed]
    print(f"Failed: {', '.join(failed)}." if failed else "All stages passed.")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
