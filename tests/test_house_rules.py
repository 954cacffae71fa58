"""The rules of the house that a machine can hold: small rooms, honest names, nothing of the machine it was made on."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE = {".py": 250, ".js": 250, ".sh": 250, ".mjs": 250, ".ts": 250}
TEMPLATE_LINES = 150
FUNCTION_LINES = 40
DRAWERS = {"services", "utils", "helpers", "managers", "misc", "common"}
FOREIGN = re.compile(r"(^|/)(vendor|node_modules|migrations)/")

# What may be longer, and why. A file or `file::function` and its own limit.
EXCEPTIONS: dict[str, tuple[int, str]] = {}

# Names of hosts are put together here, so that this file does not hold them either.
REGISTRIES = re.compile(
    "|".join(
        rf"{name}\.{end}"
        for name, end in (
            *(("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "(org|com)"), ("yarnpkg", "com")),
            *(("debian", "org"), ("debian", "net")),
        )
    )
)
HOMES = re.compile(r"(?<![\w.])/(home/[a-z]+|root|Users/[A-Za-z]+)/")


def tracked() -> list[Path]:
    """Every file that is, or is about to be, in the repository."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


OURS = [path for path in tracked() if not FOREIGN.search(name_of(path))]
MODULES = [path for path in OURS if path.suffix == ".py" and path.read_text().strip()]


def limit(name: str, usual: int) -> int:
    return EXCEPTIONS.get(name, (usual, ""))[0]


def length(path: Path) -> int:
    return len(path.read_text().splitlines())


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            yield node.name, node.end_lineno - node.lineno + 1


def test_files_are_small_rooms():
    sized = [(name_of(path), length(path), CODE[path.suffix]) for path in OURS if path.suffix in CODE]
    sized += [(name_of(path), length(path), TEMPLATE_LINES) for path in OURS if path.suffix == ".html"]
    too_long = [f"{name}: {lines} lines" for name, lines, usual in sized if lines > limit(name, usual)]
    assert too_long == []


def test_functions_fit_on_a_screen():
    measured = [(f"{name_of(path)}::{function}", lines) for path in MODULES for function, lines in functions(path)]
    too_long = [f"{name}: {lines} lines" for name, lines in measured if lines > limit(name, FUNCTION_LINES)]
    assert too_long == []


def test_exceptions_are_still_needed_and_say_why():
    for name, (allowed, reason) in EXCEPTIONS.items():
        path = ROOT / name.split("::")[0]
        assert path.is_file(), f"{name} is gone: remove its exception"
        assert len(reason) > 20, f"{name} needs a reason"
        sizes = dict(functions(path)) if "::" in name else {"": length(path)}
        size = sizes[name.partition("::")[2]]
        usual = FUNCTION_LINES if "::" in name else CODE.get(path.suffix, TEMPLATE_LINES)
        assert usual < size <= allowed, f"{name} has {size} lines: its exception is no longer right"


def test_there_are_no_drawers():
    """A module is named for what it does; a drawer of helpers is where structure goes to die."""
    assert [name_of(path) for path in MODULES if path.stem in DRAWERS or path.parent.name in DRAWERS] == []


def test_a_module_says_in_one_sentence_what_it_is_for():
    """More may follow in further paragraphs."""
    openings = {name_of(path): opening(path) for path in MODULES}
    assert [name for name, text in openings.items() if not text.endswith((".", "?"))] == []
    assert [f"{name}: {text}" for name, text in openings.items() if re.search(r"[.!] +[A-Z]", text)] == []


def opening(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text())) or ""
    return " ".join(docstring.split("\n\n")[0].split())


def test_no_file_names_a_package_registry():
    assert [name_of(path) for path in texts() if REGISTRIES.search(path.read_text())] == []


def test_no_file_names_a_path_of_the_machine_it_was_made_on():
    here = re.compile(rf"{re.escape(str(ROOT))}(?![\w-])|{HOMES.pattern}")
    assert [name_of(path) for path in texts() if here.search(path.read_text())] == []


def test_rooms_do_not_listen_to_each_other_by_signals():
    receivers = re.compile(r"^\s*@receiver\(|\b(pre|post)_(save|delete|init)\.connect\(", re.MULTILINE)
    assert [name_of(path) for path in MODULES if receivers.search(path.read_text())] == []


def texts() -> list[Path]:
    return [path for path in tracked() if b"\0" not in path.read_bytes()[:4096]]
