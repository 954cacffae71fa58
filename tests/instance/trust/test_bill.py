"""The bill of materials: valid by the official schema, complete, and of licences that ours lives with."""

import io
import json
import re
from importlib.metadata import distribution
from importlib.resources import files

import jsonschema_rs
import pytest
from django.core.management import CommandError, call_command

from instance.trust import bill, installed, licences
from instance.trust.locked import LOCK, locked

SCHEMAS = files("cyclonedx.schema") / "_res"
BESIDE = ("jsf-0.82.SNAPSHOT.schema.json", "spdx.SNAPSHOT.schema.json")
# What may be linked with, or lie beside, a program under the AGPL version 3 or later.
ALONGSIDE = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD License", "LGPL-3.0-only", "LGPL-3.0-or-later", "MIT",
    "MIT-0", "MIT-CMU", "MPL-2.0", "OFL-1.1", "PSF-2.0",
}  # fmt: skip


@pytest.fixture(scope="module")
def made():
    return bill.bill()


def schema(name):
    return json.loads((SCHEMAS / name).read_text())


def validator():
    whole = schema("bom-1.6.SNAPSHOT.schema.json")
    beside = [(f"http://cyclonedx.org/schema/{name}", schema(name)) for name in BESIDE]
    return jsonschema_rs.Draft7Validator(whole, registry=jsonschema_rs.Registry(beside))


def licences_in(component):
    for each in component["licenses"]:
        said = each.get("license", {})
        yield from [said.get("id") or said["name"]] if said else re.split(r"[() ]+", each["expression"])


class TestRefused:
    def test_the_schema_refuses_what_is_no_bill(self, made):
        for wrong in ({"bomFormat": "SPDX"}, {"serialNumber": "12"}, {"components": [{"name": "x"}]}, {"date": "hier"}):
            assert not validator().is_valid(made | wrong), wrong

    def test_another_version_than_the_lock_names_is_told(self, monkeypatch):
        one = locked()[0]
        changed = [type(one)(one.name, "0.0.1", "", (), ()), type(one)("absent", "1", "", (), ())]
        monkeypatch.setattr(installed, "locked", lambda: changed)
        with pytest.raises(CommandError) as refusal:
            call_command("trust", "sbom", "--check", stdout=io.StringIO())
        assert "le verrou dit 0.0.1" in str(refusal.value) and "absent 1 manque." in str(refusal.value)
        assert "deploy/environment.sh" in str(refusal.value)

    def test_a_package_that_this_python_does_not_need_is_not_missing(self, monkeypatch):
        one = locked()[0]
        monkeypatch.setattr(installed, "locked", lambda: [type(one)("absent", "1", "python_version < '3'", (), ())])
        assert list(installed.differences()) == []

    def test_a_file_that_was_changed_after_its_installation_is_told(self, monkeypatch):
        package = distribution("blurhash")
        assert list(installed.altered(package)) == []
        monkeypatch.setattr(installed, "digest", lambda path: "" if path.name == "METADATA" else "other")
        assert len(list(installed.altered(package))) > 1

    def test_a_file_of_others_in_static_that_nobody_names_fails(self):
        folders = [bill.STATIC / each for each in ("vendor", "fonts")]
        of_others = [each for folder in folders for each in folder.rglob("*") if each.is_file()]
        named = {p["value"] for c in bill.vendored() for p in c["properties"]}
        notices = {each for each in of_others if "licence" in each.as_posix().lower()}
        assert {f"static/{each.relative_to(bill.STATIC).as_posix()}" for each in set(of_others) - notices} == named
        assert len(notices) == len(bill.vendored())


def test_it_is_valid_by_the_official_schema(made):
    assert [str(each) for each in validator().iter_errors(made)] == []


def test_it_is_the_same_each_time_and_names_no_registry(made):
    text = bill.text(made)
    assert text == bill.text(bill.bill())
    assert json.loads(text) == made
    assert "://" not in text.replace(bill.FORM, "")


def test_every_package_of_the_lock_is_in_it_with_its_hashes(made):
    names = {each["name"]: each for each in made["components"]}
    lines = LOCK.read_text()
    assert {each.name for each in locked()} <= names.keys()
    assert sum(len(each["hashes"]) for each in made["components"]) == lines.count("--hash=") + len(bill.vendored())
    assert all(each["hashes"] and each["licenses"] for each in made["components"])


def test_whatever_is_in_it_is_asked_for_by_something(made):
    asked = {ref for each in made["dependencies"] for ref in each["dependsOn"]}
    assert {each["bom-ref"] for each in made["components"]} == asked


def test_every_licence_is_one_that_ours_lives_with(made):
    strange = {each["name"]: [*licences_in(each)] for each in made["components"]}
    assert {name: said for name, said in strange.items() if not set(said) - {"AND", "OR", ""} <= ALONGSIDE} == {}


def test_a_package_that_is_not_installed_here_keeps_the_licence_it_had(made):
    assert licences.of("async-timeout-of-elsewhere") == []
    assert bill.known_before("pkg:pypi/absent@1") == []
    one = made["components"][0]
    assert bill.known_before(one["purl"]) == one["licenses"]


def test_the_version_of_what_lies_in_static_is_the_one_that_it_says():
    (htmx,) = [each for each in bill.vendored() if each["name"] == "htmx"]
    assert f'version:"{htmx["version"]}"' in (bill.STATIC / "vendor/htmx.min.js").read_text()


def test_an_instance_names_debians_packages_too(tmp_path):
    status = tmp_path / "status"
    status.write_text(
        "Package: nginx\nStatus: install ok installed\nVersion: 1.22.1-9+deb12u3\n\n"
        "Package: nano\nStatus: install ok installed\nVersion: 7\n\n"
        "Package: git\nStatus: deinstall ok config-files\nVersion: 1:2.39\n"
    )
    assert installed.system_packages(status) == {"nginx": "1.22.1-9+deb12u3"}
    assert installed.system_packages(tmp_path / "absent") == {}
    assert bill.debian("git", "1:2.39+x")["purl"] == "pkg:deb/debian/git@1:2.39%2Bx"
    assert validator().is_valid(bill.bill(here=True))


def test_what_is_installed_here_is_what_the_lock_names():
    out = io.StringIO()
    call_command("trust", "sbom", "--check", stdout=out)
    assert "tel quel" in out.getvalue()
    out = io.StringIO()
    call_command("trust", "sbom", stdout=out)
    assert json.loads(out.getvalue())["metadata"]["lifecycles"] == [{"phase": "operations"}]
