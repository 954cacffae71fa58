"""The pages for admins are the same in French and in English, and lead where they say."""

import re

import pytest

from tests.admin_pages import ENGLISH, FRENCH, INDEX, ROOT, links, name_of, places, shell_lines, titles

# What is to be replaced by whoever types a command, in French and in English.
PLACEHOLDERS = {
    "ADRESSE": "ADDRESS", "ADRESSE_DU_DÉPÔT": "REPOSITORY_ADDRESS", "DOSSIER": "FOLDER", "FICHIER": "FILE",
    "IDENTIFIANT": "LOGIN", "MOT": "WORD", "NOM": "NAME", "reponses.txt": "answers.txt",
}  # fmt: skip
IN_ENGLISH = " --language en"  # which an English page may add to a command that speaks both


def twin_of(page):
    """The first link of a page to another language leads to the same page."""
    others = ENGLISH if page in FRENCH else FRENCH
    return next((there for there, _place in links(page) if there in others), None)


def in_english(line):
    return re.sub(r"[\w.]+", lambda word: PLACEHOLDERS.get(word[0], word[0]), line)


@pytest.mark.parametrize("page", [*FRENCH, *ENGLISH], ids=name_of)
def test_each_page_has_a_twin_in_the_other_language(page):
    assert twin_of(page) and twin_of(twin_of(page)) == page


@pytest.mark.parametrize("page", FRENCH, ids=name_of)
def test_twins_show_the_same_commands_in_the_same_order(page):
    ours, theirs = shell_lines(page), shell_lines(twin_of(page))
    assert [in_english(line) for line in ours] == [line.replace(IN_ENGLISH, "") for line in theirs]


@pytest.mark.parametrize("page", FRENCH, ids=name_of)
def test_twins_have_the_same_sections(page):
    assert titles(page) == titles(twin_of(page)) and titles(page)[0] == "#"


@pytest.mark.parametrize("page", [*FRENCH, *ENGLISH, INDEX, ROOT / "README.md"], ids=name_of)
def test_its_links_lead_somewhere(page):
    dead = [there for there, _place in links(page) if not there.exists()]
    assert dead == []
    assert [(there, place) for there, place in links(page) if place and place not in places(there)] == []


def test_the_index_names_all_of_them():
    there = {page for page in (*FRENCH, *ENGLISH) if INDEX.parent in page.parents}
    assert there - {page for page, _place in links(INDEX)} == set()
