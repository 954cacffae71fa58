"""What a town downloads is complete, pinned, licensed, and explains every setting that it reads."""

import hashlib
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock")
AGPL_3 = "0d96a4ff68ad6d4b6f1f30f713b18d5184912ba8dd389f86aa7710db079abcb0"
VARIABLE = re.compile(r"PREAU_[A-Z0-9_]+|DATABASE_URL|REDIS_URL")
PUBLICCODE = yaml.safe_load((ROOT / "publiccode.yml").read_text())


def pins(lock: str) -> dict[str, str]:
    found = re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / lock).read_text(), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


def asked(lines: list[str]) -> list[Requirement]:
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize(
    ("lock", "lines"),
    [
        ("requirements.lock", PROJECT["project"]["dependencies"]),
        ("requirements-dev.lock", PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]),
    ],
)
def test_locks_hold_what_the_project_asks_for(lock: str, lines: list[str]):
    locked = pins(lock)
    stale = [
        str(each)
        for each in asked(lines)
        if not each.specifier.contains(locked.get(canonicalize_name(each.name), "0"), prereleases=True)
    ]
    assert stale == [], f"{lock} is behind pyproject.toml: make lock"


def test_tests_run_with_the_versions_that_towns_run():
    tested = pins("requirements-dev.lock")
    assert {name: tested.get(name) for name in pins("requirements.lock")} == pins("requirements.lock")


@pytest.mark.parametrize("lock", LOCKS)
def test_locked_packages_are_known_by_their_hashes_and_by_no_address(lock: str):
    text = (ROOT / lock).read_text()
    blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pins(lock)) > 0
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert re.findall(r"://|^-.*$|file:", text, re.MULTILINE) == []


def test_node_locks_hold_integrity_and_no_address():
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*package-lock.json"]
    for name in subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines():
        packages = {path: facts for path, facts in json.loads((ROOT / name).read_text())["packages"].items() if path}
        assert packages, name
        assert [path for path, facts in packages.items() if "resolved" in facts] == [], name
        assert [path for path, facts in packages.items() if "integrity" not in facts] == [], name
        assert "omit-lockfile-registry-resolved=true" in (ROOT / name).with_name(".npmrc").read_text(), name


def test_the_licence_is_the_affero_licence_to_the_letter():
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == AGPL_3
    assert PROJECT["project"]["license"] == PUBLICCODE["legal"]["license"] == "AGPL-3.0-or-later"


def test_publiccode_has_the_mandatory_keys():
    mandatory = {
        "publiccodeYmlVersion", "name", "url", "platforms", "categories", "developmentStatus", "softwareType",
        "description", "legal", "maintenance", "localisation",
    }  # fmt: skip
    assert mandatory <= PUBLICCODE.keys()
    for text in PUBLICCODE["description"].values():
        assert len(text["shortDescription"]) <= 150 <= len(text["longDescription"]) <= 10_000
        assert text["features"]
    assert PUBLICCODE["softwareVersion"] == PROJECT["project"]["version"]


def variables_read() -> set[str]:
    """Every setting named anywhere in the instance's code, where its configuration is read."""
    modules = [path for path in (ROOT / "instance").rglob("*.py") if "migrations" not in path.parts]
    quoted = re.compile(rf"\"({VARIABLE.pattern})\"")
    return {match[1] for path in modules for match in quoted.finditer(path.read_text())}


def test_every_setting_is_explained_in_the_sample_and_no_other():
    lines = (ROOT / "deploy" / "env.sample").read_text().splitlines()
    offered = {match[1] for line in lines if (match := re.match(rf"#?\s*({VARIABLE.pattern})=", line))}
    assert "PREAU_HOST" in variables_read()
    assert offered == variables_read()


def test_only_the_configuration_reads_the_environment():
    reading = re.compile(r"os\.environ(\[|\.get\()|os\.getenv\(")
    rooms = ("federation", "actors", "outbox", "inbox", "instance")
    modules = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    assert [str(path) for path in modules if reading.search(path.read_text())] == []
