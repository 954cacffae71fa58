"""What the lock file names: each package, its version, the hashes that are accepted, and what asks for it."""

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name

from instance.configuration import ROOT

LOCK = ROOT / "requirements.lock"
PACKAGE = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ \\;]+)(?: ; (?P<marker>[^\\]+?))? *\\?$")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
ASKED_BY = re.compile(r"# +(?:via +)?(?P<name>[A-Za-z0-9._-]+)(?: \(.*\))?$")


@dataclass(frozen=True)
class Locked:
    """`marker`: where it is needed, when not everywhere (PEP 508); `asked_by`: names of other packages, or ours."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    asked_by: tuple[str, ...]


def locked(path: Path = LOCK) -> list[Locked]:
    """In the order of the file, which is that of the names."""
    blocks: list[list[str]] = []
    for line in path.read_text().splitlines():
        if PACKAGE.match(line):
            blocks.append([line])
        elif blocks:
            blocks[-1].append(line)
    return [read(each) for each in blocks]


def read(lines: list[str]) -> Locked:
    said = PACKAGE.match(lines[0])
    if said is None:
        raise ValueError(lines[0])
    askers = [found["name"] for line in lines[1:] if (found := ASKED_BY.search(line)) and found["name"] != "via"]
    hashes = tuple(HASH.findall("\n".join(lines)))
    return Locked(canonicalize_name(said["name"]), said["version"], said["marker"] or "", hashes, tuple(askers))
