"""What each package adds to the memory of the embedded form when it is imported (`--full` names every module)."""

import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from importlib.machinery import ExtensionFileLoader, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

PAGE_KB = os.sysconf("SC_PAGE_SIZE") / 1024
LEAST_KB = 150

own: defaultdict[str, float] = defaultdict(float)
seconds: defaultdict[str, float] = defaultdict(float)
first: defaultdict[str, str] = defaultdict(str)
stack: list[tuple[str, list[float]]] = []


def resident_kb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_KB


def measured(original: Any) -> Any:
    def exec_module(self: Any, module: ModuleType) -> None:
        before, begun, inner = resident_kb(), time.perf_counter(), [0.0, 0.0]
        first[module.__name__] = stack[-1][0] if stack else ""
        stack.append((module.__name__, inner))
        try:
            original(self, module)
        finally:
            stack.pop()
            grown, took = resident_kb() - before, time.perf_counter() - begun
            own[module.__name__] += grown - inner[0]
            seconds[module.__name__] += took - inner[1]
            if stack:
                stack[-1][1][0] += grown
                stack[-1][1][1] += took

    return exec_module


def main() -> None:
    """Everything that `preau serve` imports, its routes included, without listening."""
    bare = resident_kb()
    for loader in (SourceFileLoader, ExtensionFileLoader):
        loader.exec_module = measured(loader.exec_module)  # type: ignore[method-assign]
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(PREAU_DEVELOPMENT="1", PREAU_DATA=folder, DJANGO_SETTINGS_MODULE="instance.settings")
        load()
        tell(bare)


def load() -> None:
    import django

    django.setup()
    from django.urls import get_resolver

    from instance import server

    server.House()
    assert get_resolver().url_patterns


def tell(bare: float) -> None:
    packages: defaultdict[str, float] = defaultdict(float)
    times: defaultdict[str, float] = defaultdict(float)
    ours = {"instance", "inbox", "outbox", "actors", "federation"}
    for name, grown in own.items():
        top = name.split(".")[0]
        packages[top] += grown
        times[top] += seconds[name]
    print(f"bare interpreter {bare / 1024:.1f} MB, after all imports {resident_kb() / 1024:.1f} MB\n")
    print("| package | MB of its own | seconds | first imported by |\n|---|---|---|---|")
    for top, grown in most(packages):
        if grown >= LEAST_KB:
            importer = first.get(top, "") if top not in ours else "ours"
            print(f"| {top} | {grown / 1024:.2f} | {times[top]:.2f} | {importer} |")
    if "--full" in sys.argv:
        for name, grown in most(own)[:100]:
            print(f"{grown:8.0f} kB {seconds[name]:6.3f} s  {name}  <- {first[name]}")


def most(figures: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(figures.items(), key=lambda each: -each[1])


if __name__ == "__main__":
    main()
