"""The software bill of materials, as CycloneDX 1.6: the lock file, licences of what is installed, what static/ holds.

It holds no date, so that the same materials give the same bill.
"""

import json
import re
import tomllib
from collections import defaultdict
from hashlib import sha256
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings

from instance.configuration import ROOT
from instance.trust import installed, licences
from instance.trust.locked import LOCK, Locked, locked

FORM = "http://cyclonedx.org/schema/bom-1.6.schema.json"
BILL = ROOT / "docs/confiance/preau.cdx.json"
STATIC = ROOT / "static"
VENDORED = ROOT / "instance/trust/vendored.toml"
OURS = "preau"
ONE_HASH = re.compile(r'{\s+"alg": "SHA-256",\s+"content": "([0-9a-f]+)"\s+}')
Component = dict[str, Any]


def bill(*, here: bool = False) -> dict[str, Any]:
    """Of this version of Préau; `here`: and of Debian's packages under it, at the versions of this machine."""
    packages, files = locked(), vendored()
    components = [*map(package, packages), *files, *(beneath() if here else [])]
    whole = {
        "$schema": FORM,
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": "",
        "version": 1,
        "metadata": {"lifecycles": [{"phase": "operations" if here else "pre-build"}], "component": ourselves()},
        "components": components,
        "dependencies": dependencies(packages, files),
    }
    return whole | {"serialNumber": uuid5(NAMESPACE_URL, json.dumps(whole)).urn}


def text(made: dict[str, Any]) -> str:
    """One hash a line: there are thousands."""
    return ONE_HASH.sub(r'{"alg": "SHA-256", "content": "\1"}', json.dumps(made, ensure_ascii=False, indent=1)) + "\n"


def ourselves() -> Component:
    licence = [{"license": {"id": "AGPL-3.0-or-later"}}]
    return {"type": "application", "bom-ref": OURS, "name": OURS, "version": settings.VERSION, "licenses": licence}


def package(each: Locked) -> Component:
    """`hashes` are those of every file that an installation accepts of it, for whichever machine."""
    purl = f"pkg:pypi/{each.name}@{each.version}"
    properties = [{"name": "preau:lock", "value": LOCK.name}]
    if each.marker:
        properties.append({"name": "preau:marker", "value": each.marker})
    return {
        "type": "library",
        "bom-ref": purl,
        "name": each.name,
        "version": each.version,
        "scope": "required",
        "hashes": [{"alg": "SHA-256", "content": content} for content in each.hashes],
        "licenses": licences.of(each.name) or known_before(purl),
        "purl": purl,
        "properties": properties,
    }


def known_before(purl: str) -> licences.Licences:
    """Of a package that this Python does not need: as the bill said when it was written where one was installed."""
    if not BILL.is_file():
        return []
    found = [each["licenses"] for each in json.loads(BILL.read_text())["components"] if each.get("purl") == purl]
    return found[0] if found else []


def vendored() -> list[Component]:
    with VENDORED.open("rb") as file:
        return [lying_in_static(name, said) for name, said in tomllib.load(file).items()]


def lying_in_static(name: str, said: dict[str, Any]) -> Component:
    hashes = [{"alg": "SHA-256", "content": sha256((STATIC / each).read_bytes()).hexdigest()} for each in said["files"]]
    return {
        "type": "library",
        "bom-ref": said["purl"],
        "supplier": {"name": said["supplier"]},
        "name": name,
        **({"version": said["version"]} if "version" in said else {}),
        "scope": "required",
        "hashes": hashes,
        "licenses": [{"license": {"id": said["licence"]}}],
        "purl": said["purl"],
        "properties": [{"name": "preau:file", "value": f"static/{each}"} for each in said["files"]],
    }


def beneath() -> list[Component]:
    return [debian(name, version) for name, version in sorted(installed.system_packages().items())]


def debian(name: str, version: str) -> Component:
    purl = f"pkg:deb/debian/{name}@{quote(version, safe=':')}"
    return {"type": "platform", "bom-ref": purl, "name": name, "version": version, "scope": "required", "purl": purl}


def dependencies(packages: list[Locked], files: list[Component]) -> list[Component]:
    """Who asks for whom, as the lock file says."""
    refs = {each.name: f"pkg:pypi/{each.name}@{each.version}" for each in packages} | {OURS: OURS}
    asked = defaultdict[str, list[str]](list)
    for each in packages:
        for asker in each.asked_by:
            asked[refs[asker]].append(refs[each.name])
    asked[OURS] += [each["bom-ref"] for each in files]
    return [{"ref": ref, "dependsOn": sorted(asked[ref])} for ref in sorted(refs.values())]
