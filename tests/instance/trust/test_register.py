"""Every column is declared, personal or not; what the register says of the code is found in the code."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models

from instance.trust import data_page, register
from instance.trust.durations import durations
from instance.trust.register import Undeclared

ROOT = Path(__file__).resolve().parents[3]
# Whatever says that somebody is there, was there, or what she looked at.
PRESENCE = re.compile(
    r"last|seen|visit|online|presence|idle|away|active|opened|viewed|read_at|read_by|logged|heartbeat|ping|(^|_)ip(_|$)"
    r"|address|agent_string|user_agent|device_name|location|latitude|longitude|score|karma|rank"
)
NOT_PRESENCE = {
    "actors.Agent.is_active": "whether the account is open",
    "inbox.Marker.last_read": "a place in a list, which the reader's own application moves; without a moment",
    "inbox.Conversation.last": "the last post of a conversation",
    "federation.Absence.believed": "of an address of another house",
    "oauth2_provider.DeviceGrant.last_checked": "of the library, in a table that nobody writes in",
}


def test_a_column_that_nobody_declared_fails():
    """After a new column: declare it in instance/trust/register/, then `preau trust pages`."""
    assert register.undeclared() == []


def test_a_declaration_whose_column_is_gone_fails():
    assert register.gone() == []


def test_a_new_column_would_be_noticed(monkeypatch):
    label = ("actors.Agent", "shoe_size")
    found = register.existing() | {label}
    monkeypatch.setattr(register, "existing", lambda: found)
    assert register.undeclared() == ["actors.Agent.shoe_size"]


COMPLETE = {
    "fr": "x",
    "en": "x",
    "for": "comptes",
    "whose": "agents",
    "keeps": "compte",
    "seen": "soi",
    "leaves": "non",
}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"keeps": "toujours"}, "keeps"),
        ({"seen": ""}, "seen"),
        ({"leaves": "peut-être"}, "leaves"),
        ({"whose": "personne"}, "whose"),
        ({"for": "on verra"}, "what for"),
        ({"en": ""}, "no name"),
        ({"personal": {"login": "divers"}}, "divers"),
        ({"plain": "id login"}, "twice"),
        ({"except": {"pseudo": {"seen": "soi"}}}, "pseudo"),
        ({"except": {"login": {"sene": "soi"}}}, "sene"),
        ({"retention": "1 jour"}, "retention"),
    ],
)
def test_a_declaration_says_all_in_words_that_exist(changes, said):
    whole = {**COMPLETE, "plain": "id", "personal": {"login": "identite"}}
    assert register.table("actors.Agent", whole).names == ["login", "id"]
    with pytest.raises(Undeclared, match=said):
        register.table("actors.Agent", whole | changes)


def test_no_column_says_that_somebody_is_there():
    names = [".".join(each) for each in sorted(register.existing())]
    telling = [name for name in names if PRESENCE.search(name.rpartition(".")[2])]
    assert sorted(set(telling) - NOT_PRESENCE.keys()) == []


def test_a_moment_is_of_a_deed_and_not_of_a_reading():
    """Moments that change by themselves, at each saving, would be of a visit sooner or later."""
    found = [f for m in apps.get_models() for f in m._meta.concrete_fields if isinstance(f, models.DateTimeField)]
    touched = [f"{each.model._meta.label}.{each.name}" for each in found if each.auto_now]
    assert [each for each in touched if each.split(".")[0] not in ("oauth2_provider", "instance")] == []


def test_what_deletes_is_there():
    named = [name for said in register.retention().values() for name in said["by"]]
    assert named
    for name in named:
        module, _, function = name.rpartition(".")
        assert callable(getattr(import_module(module), function, None)), name


def test_what_nothing_deletes_is_said_to_be_open():
    assert [key for key, said in register.retention().items() if not said["by"] and not said.get("open")] == []


def test_no_word_is_missing_in_a_language_or_said_of_nothing():
    for where, said in register.wordings():
        assert all(said.get(each) for each in register.LANGUAGES), where
    columns = [each for table in register.tables() for each in table.columns]
    assert {each.keeps for each in columns} == register.retention().keys()
    for kind in ("category", "whose", "seen", "leaves"):
        assert {getattr(each, kind) for each in columns} == register.words(kind).keys()
    assert {each.treatment for each in register.tables()} - {""} == register.words("treatment").keys()


@pytest.mark.parametrize("language", register.LANGUAGES)
def test_durations_are_those_of_the_code(language, settings):
    settings.SESSION_COOKIE_AGE = 90 * 60
    assert durations(language)["session"] == "90 minutes"
    known = durations(language, shipped=True)
    words = [said[language] for _, said in register.wordings()]
    assert {name for text in words for name in re.findall(r"{(\w+)}", text)} == known.keys()
    assert known["sauvegardes"] == "7"


def test_nobody_writes_in_a_table_that_is_said_to_be_unused():
    unused = [each.label.rpartition(".")[2] for each in register.tables() if each.unused]
    assert {"IDToken", "DeviceGrant"} <= set(unused)
    models_of = r"(?:oauth2_provider|django\.contrib\.auth)\.models"
    used = re.compile(rf"^from {models_of} import .*\b(?:IDToken|DeviceGrant|Group)\b", re.MULTILINE)
    for room in ("instance", "inbox", "outbox", "actors", "federation", "deploy"):
        for path in (ROOT / room).rglob("*.py"):
            assert not used.search(path.read_text()), path


@pytest.mark.django_db
def test_the_database_has_no_table_that_no_model_knows():
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert set(connection.introspection.table_names()) <= known | {"django_migrations"}


@pytest.mark.django_db
class TestOfThisInstance:
    def test_the_page_says_who_answers_for_it_and_its_own_durations(self, aubin, settings, vernay):
        settings.SESSION_COOKIE_AGE = 8 * 3600
        text = data_page.page("fr", here=True)
        assert "Ville de Saint-Aubin (SIREN 210101010)" in text
        assert "sinon 8 heures après la connexion" in text
        assert "Collectivités partenaires : 1" in text
        assert "else 8 hours after signing in" in data_page.page("en", here=True)

    def test_an_instance_without_an_organisation_is_told_what_is_missing(self, db):
        assert "Responsable du traitement : à compléter" in data_page.page("fr", here=True)

    def test_the_sheet_has_a_line_for_each_personal_column(self, db):
        columns = sum(len(each.columns) for each in register.tables())
        lines = data_page.sheet("fr").splitlines()
        assert len(lines) == columns + 1
        assert all(line.count(";") >= 8 for line in lines)

    def test_no_brace_is_left_empty(self, db):
        assert not re.search(r"{\w+}", data_page.page("fr", here=True) + data_page.page("en"))
