"""The coefficients of the model of `preau size`: a network around each form, written to instance/sizing.json."""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from instance.sizing import MEASURED
from tests import servers

# Each a run of benchmarks.network: among hundreds, among a hundred with and without PgBouncer, and a small house.
RUNS: dict[str, list[str]] = {
    "production": [],
    "unpooled": ["--peers", "100", "--down", "3", "--slow", "3"],
    "pooled": ["--pooled", "--peers", "100", "--down", "3", "--slow", "3"],
    "embedded": ["--embedded", "--peers", "60", "--down", "2", "--slow", "2", "--rate", "5"],
}
DIGITS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--of", type=Path, help="take what was measured from this folder, a file for each form")
    options = parser.parse_args()
    with servers.scratch() as scratch:
        folder = options.of or scratch
        if not options.of:
            for name, arguments in RUNS.items():
                command = [sys.executable, "-m", "benchmarks.network", *arguments, "--json", str(folder / name)]
                subprocess.run(command, cwd=servers.ROOT, check=True)
        found = {name: rounded(next(iter(json.loads((folder / name).read_text()).values()))) for name in RUNS}
    MEASURED.write_text(json.dumps(found, indent=1) + "\n")
    print(f"{MEASURED}\nNow: preau size --page fr, and en, into docs/operations/dimensionner.md and scaling.md")


def rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: rounded(each) for name, each in value.items()}
    return round(value, DIGITS) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
