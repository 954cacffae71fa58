"""The pages for admins are the same in French and in English, and lead where they say."""

import pytest

from tests.admin_pages import ENGLISH, FRENCH, INDEX, ROOT, links, name_of, places, shell_lines, titles

# What is to be replaced by whoever types a command, in French and in English.
PLACEHOLDERS = {
    "ADRESSE": "ADDRESS", "ADRESSE_DU_DÉPÔT": "REPOSITORY_ADDRESS", "DOSSIER": "FOLDER", "FICHIER": "FILE",
    "IDENTIFIANT": "LOGIN", "NOM": "NAME", "DOMAINE": "DOMAIN", "reponses.txt": "answers.txt",
}  # fmt: skip


def twin_of(page):
    """The first link of a page leads to it in the other language."""
    return links(page)[0][0]


def in_english(line):
    return " ".join(PLACEHOLDERS.get(word.strip("'"), word) for word in separated(line))


def separated(line):
    """`--reference=DOSSIER` holds a word to replace too."""
    return line.replace("=", " = ").replace("'", " ' ").split()


@pytest.mark.parametrize("page", [*FRENCH, *ENGLISH], ids=name_of)
def test_each_page_has_a_twin_in_the_other_language(page):
    assert twin_of(page) in (ENGLISH if page in FRENCH else FRENCH)
    assert twin_of(twin_of(page)) == page


@pytest.mark.parametrize("page", FRENCH, ids=name_of)
def test_twins_show_the_same_commands_in_the_same_order(page):
    ours, theirs = shell_lines(page), shell_lines(twin_of(page))
    assert [in_english(line) for line in ours] == [" ".join(separated(line)) for line in theirs]


@pytest.mark.parametrize("page", FRENCH, ids=name_of)
def test_twins_have_the_same_sections(page):
    assert titles(page) == titles(twin_of(page)) and titles(page)[0] == "#"


@pytest.mark.parametrize("page", [*FRENCH, *ENGLISH, INDEX, ROOT / "README.md"], ids=name_of)
def test_its_links_lead_somewhere(page):
    dead = [there for there, _place in links(page) if not there.exists()]
    assert dead == []
    assert [(there, place) for there, place in links(page) if place and place not in places(there)] == []


def test_the_index_names_all_of_them():
    assert {*FRENCH, *ENGLISH} - {there for there, _place in links(INDEX)} == set()
