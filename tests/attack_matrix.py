"""The attack matrix and its tests: which test proves which row, and the page that says so.

A test says which rows it proves: `@pytest.mark.row(34, 35)`. `python -m tests.attack_matrix` writes the names of the
tests into the last column of docs/federation/attacks.md; what a person wrote there (a reason why a row does not apply)
stays.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/federation/attacks.md"
NAME = re.compile(r"`(tests/[\w/]+\.py)((?:::\w+)+)`")
LINE = re.compile(r"\| (\d+) \| (.+?) \| (.+?) \| (.*?) ?\|")


class Row(NamedTuple):
    """One line of the page. `proof` is the last cell: tests, a reason, or nothing yet."""

    number: int
    attack: str
    answer: str
    proof: str

    @property
    def tests(self) -> list[str]:
        return [path + name for path, name in NAME.findall(self.proof)]

    @property
    def reason(self) -> str:
        return self.proof if self.proof.startswith("not applicable") else ""


def rows() -> list[Row]:
    found = [LINE.fullmatch(line) for line in PAGE.read_text().splitlines()]
    return [Row(int(match[1]), match[2], match[3], match[4]) for match in found if match]


def marked() -> dict[int, list[str]]:
    """The tests that prove each row, in the order of the files."""
    proofs: dict[int, list[str]] = {}
    for path in sorted(ROOT.glob("tests/**/test_*.py")):
        for name, numbers in tests_of(ast.parse(path.read_text()).body, ""):
            for number in numbers:
                proofs.setdefault(number, []).append(f"{path.relative_to(ROOT).as_posix()}::{name}")
    return proofs


def tests_of(body: list[ast.stmt], inside: str, *shared: int) -> Iterator[tuple[str, list[int]]]:
    """Each test of a module or a class, with its rows; a class's own marks are those of all its tests."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from tests_of(node.body, f"{inside}{node.name}::", *shared, *numbers_of(node.decorator_list))
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield f"{inside}{node.name}", [*shared, *numbers_of(node.decorator_list)]


def numbers_of(decorators: list[ast.expr]) -> list[int]:
    calls = [each for each in decorators if isinstance(each, ast.Call) and ast.unparse(each.func) == "pytest.mark.row"]
    return [ast.literal_eval(argument) for call in calls for argument in call.args]


def written(row: Row, tests: list[str]) -> str:
    proof = "<br>".join(f"`{name}`" for name in tests) or row.reason
    return f"| {row.number} | {row.attack} | {row.answer} | {proof} |"


def main() -> None:
    proofs, known = marked(), {row.number: row for row in rows()}
    lines = []
    for line in PAGE.read_text().splitlines():
        match = LINE.fullmatch(line)
        number = int(match[1]) if match else 0
        lines.append(written(known[number], proofs.get(number, [])) if match else line)
    PAGE.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
