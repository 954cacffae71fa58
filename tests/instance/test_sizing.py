"""What `preau size` says follows what was measured, and so do the pages for admins."""

import io
import re
import shlex

import pytest
from django.core.management import call_command

from instance import sizing, sizing_told
from instance.sizing import House
from tests.servers import ROOT

PAGES = {"fr": "dimensionner.md", "en": "scaling.md"}


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command("size", *arguments, stdout=out)
    return out.getvalue().strip()


@pytest.mark.parametrize("language", PAGES)
def test_the_tables_of_the_page_are_what_the_command_prints(language):
    page = (ROOT / "docs" / "operations" / PAGES[language]).read_text()
    shown = page[page.index(sizing_told.BEGIN) : page.index(sizing_told.END) + len(sizing_told.END)]
    assert shown == said("--page", language)


@pytest.mark.parametrize("language", PAGES)
def test_the_command_of_the_page_answers_in_sentences(language):
    page = (ROOT / "docs" / "operations" / PAGES[language]).read_text()
    (line,) = re.findall(r"^preau (size .*)$", page, re.MULTILINE)
    found = said(*shlex.split(line)[1:])
    assert "Forme conseillée : production" in found and "480 lettres partent par jour" in found


def test_the_pages_show_the_same_settings():
    blocks = [re.findall(r"```(?:ini|nginx)\n.*?```", (ROOT / "docs" / "operations" / each).read_text(), re.DOTALL)
              for each in PAGES.values()]  # fmt: skip
    assert blocks[0] == blocks[1] != []


def test_what_is_more_costs_more():
    usual = sizing.need(House(300, 20, 60))
    for more in (
        House(600, 20, 60),
        House(300, 40, 60),
        House(300, 20, 120),
        House(300, 20, 60, pages=80),
        House(300, 20, 60, reach=1),
    ):
        found = sizing.need(more)
        assert (found.cpu, found.outgoing) > (usual.cpu, usual.outgoing)
    assert sizing.need(House(300, 20, 60, arrivals=0)).database < usual.database


def test_a_small_town_needs_the_small_form_and_a_large_one_several_machines():
    forms = [sizing_told.form_of(sizing.need(each)) for each in (House(50, 4, 20), House(300, 20, 60))]
    assert forms == ["embedded", "production"]
    assert "plusieurs machines" in said("--agents", "20000", "--posts-per-day", "900", "--peers", "500")


def test_a_letter_costs_no_less_than_its_signature():
    """What was measured is whole: every figure is there, and none is below what it is made of."""
    for form, cost in sizing.measured().items():
        assert cost["post_new"] > cost["floor"]["sign_ms"], form
        assert cost["arrival"] > cost["floor"]["verify_ms"] + cost["floor"]["insert_ms"], form
        assert min(cost["own_bytes"], cost["arrival_kept"], cost["letter_bytes"]) > 0, form
