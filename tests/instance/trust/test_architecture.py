"""The pages on the security architecture name what exists only, and no use of cryptography is missing from them."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from federation.doors import Door
from instance.trust import architecture, ciphers, openings
from instance.trust.pages import ARCHITECTURE
from tests.attack_matrix import rows

ROOT = Path(__file__).resolve().parents[3]
MATRIX = r"\[(\d+)(?:–(\d+))?\]\(\.\./federation/attacks\.md\)"
TEXTS = {language: path.read_text() for language, path in ARCHITECTURE.items()}
BOTH = pytest.mark.parametrize("language", TEXTS)


def links(language):
    return re.findall(r"\]\(([^)#]+)", TEXTS[language])


def proofs_in(language):
    return set(re.findall(r"`(tests/[\w/]+\.py)((?:::\w+)*)`", TEXTS[language]))


def definitions(path):
    """`Class::test` and `test`, as pytest names them."""
    for node in ast.parse(path.read_text()).body:
        name = getattr(node, "name", "")
        yield name
        yield from (f"{name}::{each.name}" for each in getattr(node, "body", []) if isinstance(each, ast.FunctionDef))


@BOTH
def test_every_file_that_is_linked_is_there(language):
    assert [each for each in links(language) if not (ARCHITECTURE[language].parent / each).exists()] == []
    quoted = re.findall(r"`((?:federation|actors|outbox|inbox|instance|deploy|docs)/[\w./-]+)`", TEXTS[language])
    assert [each for each in quoted if not (ROOT / each).exists()] == []


@BOTH
def test_every_test_that_is_named_is_there(language):
    assert len(proofs_in(language)) > 10
    for path, name in proofs_in(language):
        assert (ROOT / path).is_file(), path
        assert not name or name.removeprefix("::") in set(definitions(ROOT / path)), f"{path}{name}"


@BOTH
def test_every_row_of_the_matrix_that_is_named_is_proven_or_said_to_be_open(language):
    known = {row.number: row for row in rows()}
    heading = {"fr": "\n## Ce qui n’est pas", "en": "\n## What is not"}[language]
    threats, _, unprotected = TEXTS[language].partition(heading)
    assert unprotected
    for first, last in re.findall(MATRIX, threats):
        some = [known[number] for number in range(int(first), int(last or first) + 1)]
        assert any(row.tests for row in some), f"{first} to {last}: no test"
    for first, _last in re.findall(MATRIX, unprotected):
        assert known[int(first)].reason, f"{first} is proven now: it is protected"


@BOTH
def test_every_setting_and_command_that_is_named_exists(language):
    sample = (ROOT / "deploy/env.sample").read_text()
    assert {each for each in re.findall(r"PREAU_[A-Z_]+", TEXTS[language]) if each not in sample} == set()
    said = set(re.findall(r"`preau ([a-z]+)", TEXTS[language]))
    assert said <= get_commands().keys()
    assert {"doctor", "trust"} <= said


def test_both_languages_name_the_same_things():
    for of in (proofs_in, lambda language: re.findall(MATRIX, TEXTS[language])):
        assert of("fr") == of("en")
    settings = [set(re.findall(r"PREAU_[A-Z_]+", text)) for text in TEXTS.values()]
    assert settings[0] == settings[1]
    marks = [re.findall(r"preau trust pages: (\w+)", text) for text in TEXTS.values()]
    assert marks[0] == marks[1]
    assert set(marks[0]) == architecture.TABLES.keys()
    ours = [{each for each in links(language) if each.startswith("../../")} for language in TEXTS]
    assert ours[0] == ours[1]


class TestCryptography:
    def test_a_module_that_uses_it_and_is_not_in_the_inventory_fails(self):
        """Then add it to instance/trust/cryptography.toml: what for, how, with which key."""
        declared = {name for each in ciphers.uses() for name in each["modules"]}
        assert ciphers.modules_with_cryptography() - declared == set()
        assert [name for name in declared if not (ROOT / name).is_file()] == []

    @pytest.mark.parametrize(
        "line", ["import hmac", "from hashlib import md5", "from cryptography.fernet import Fernet", "import ssl as s"]
    )
    def test_such_a_module_is_found(self, tmp_path, line):
        (tmp_path / "outbox").mkdir()
        (tmp_path / "outbox/new.py").write_text(f"{line}\n")
        (tmp_path / "outbox/other.py").write_text("import json\nfrom outbox import secrets_of_state\n")
        assert ciphers.modules_with_cryptography(tmp_path) == {"outbox/new.py"}

    def test_sizes_are_those_of_the_code(self, monkeypatch):
        monkeypatch.setattr("federation.keys.OURS", 3072)
        assert "RSA 3072 bits" in "\n".join(ciphers.table("fr"))

    def test_another_hash_of_passwords_than_it_says_stops_it(self, monkeypatch):
        monkeypatch.setattr("instance.settings.PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"])
        with pytest.raises(ValueError, match="otherwise"):
            ciphers.facts()

    def test_each_use_is_said_in_both_languages_and_every_fact_has_a_value(self):
        used = set()
        for each in ciphers.uses():
            assert all(each[language] and each["how"][language] and each["key"][language] for language in TEXTS)
            used |= set(re.findall(r"{(\w+)}", each["how"]["fr"] + each["key"]["fr"]))
        assert used == ciphers.facts().keys()


def test_every_door_has_words_in_french():
    assert openings.IN_FRENCH.keys() == set(Door)


def test_a_unit_that_holds_to_less_shows(tmp_path, monkeypatch):
    (tmp_path / "one.service").write_text("User=preau\nMemoryMax=1M\nNoNewPrivileges=yes\nProtectHome=yes\n")
    (tmp_path / "two.service").write_text("ExecStart=x --port 9000\nNoNewPrivileges=yes\n")
    monkeypatch.setattr(architecture, "UNITS", tmp_path)
    lines = architecture.units("en")
    assert "| `two.service` | root | 127.0.0.1:9000 | — |" in lines
    assert lines[-1] == "Each of them: `NoNewPrivileges=yes`."
