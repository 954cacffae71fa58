"""The pages of docs/confiance and docs/trust say what is; `preau trust pages` writes them again."""

import io

import pytest
from django.core.management import CommandError, call_command

from instance.trust import pages

pytestmark = pytest.mark.django_db


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
