"""The pages of docs/confiance and docs/trust say what is; `preau trust pages` writes them again."""

import io
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from instance.trust import pages

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).resolve().parents[3] / "docs"
SHOWN = {  # by every command of the pages that say which to type
    "data": "actors.Agent", "links": "registre|collectivité", "sbom": '"bomFormat": "CycloneDX"', "--check": "tel quel",
}  # fmt: skip


def test_a_page_that_says_something_else_fails(monkeypatch):
    name = next(iter(pages.PAGES))
    monkeypatch.setitem(pages.PAGES, name, lambda: "autre chose")
    with pytest.raises(CommandError, match=name):
        call_command("trust", "pages", "--check")


def test_the_pages_are_what_would_be_written():
    """After a change of columns, durations, libraries or keys: `preau trust pages`."""
    assert pages.stale() == []


def test_writing_them_writes_what_is_stale_only(tmp_path):
    assert set(pages.write(tmp_path)) == pages.PAGES.keys()
    assert pages.write(tmp_path) == []
    first = next(iter(pages.PAGES))
    (tmp_path / first).write_text("ancien")
    assert pages.write(tmp_path) == [first]


def test_each_form_is_printed(aubin):
    for words in (["data"], ["data", "--language", "en"], ["data", "--csv"]):
        out = io.StringIO()
        call_command("trust", *words, stdout=out)
        assert "actors.Agent" in out.getvalue()


@pytest.mark.parametrize("page", ["confiance/README.md", "trust/README.md"])
def test_each_command_that_is_shown_does_what_the_page_says(page, vernay):
    commands = [line.split() for line in re.findall(r"^preau .*$", (DOCS / page).read_text(), re.MULTILINE)]
    assert len(commands) == 6
    for _preau, *words in commands:
        out = io.StringIO()
        call_command(*words, stdout=out)
        assert re.search(SHOWN["--check"] if "--check" in words else SHOWN[words[1]], out.getvalue(), re.IGNORECASE), (
            words
        )


@pytest.mark.parametrize("page", [*pages.PAGES, "docs/confiance/README.md", "docs/trust/README.md"])
def test_no_link_of_these_pages_leads_nowhere(page):
    path = DOCS.parent / page
    links = re.findall(r"\]\(([^)#]+)", path.read_text()) if path.suffix == ".md" else []
    assert [each for each in links if not (path.parent / each).exists()] == []
