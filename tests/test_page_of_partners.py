"""Each command of the page « Ajouter un partenaire » is typed in its order, at the town where the page says."""

import re

import pytest

from tests.admin_pages import DOCS, typed
from tests.servers import ROOT
from tests.test_partnership import reaches, said
from tests.test_partnership import strangers as strangers  # the fixture
from tests.towns import Town

PAGE = DOCS / "operations" / "ajouter-un-partenaire.md"
AUBIN, VERNAY = "rsi.saint-aubin.fr", "rsi.vernay.fr"
ROWS = re.compile(r"^\| (.+?) \| .+ \|$", re.MULTILINE)


@pytest.mark.slow
def test_each_command_of_the_page_does_what_it_says(strangers):
    aubin, vernay = strangers
    awaited = {  # what must have arrived before the next command
        "offer": lambda: vernay.wait_until("Approach.objects.exists()"),
        "ask": lambda: aubin.wait_until(said(vernay, "ask", ours=False)),
        "accept": lambda: reaches(aubin, vernay, "active"),
        "revoke": lambda: reaches(vernay, aubin, "revoked"),
    }
    told = {}
    for command, verb, *words in [words[1:] for words in typed(PAGE)]:
        town = vernay if verb == "requests" or AUBIN in words else aubin
        told[verb] = town.manage(command, verb, *[here(word, aubin, vernay) for word in words])
        awaited.get(verb, lambda: None)()
    assert (len(told), told["offer"]) == (14, f"{vernay.host}\toffered")
    assert told["requests"] == f"{aubin.host}\tunverified\tdpo@saint-aubin.fr\tÉchanges entre services techniques"
    assert f"{vernay.host}\tactive\tVille de Vernay" in told["list"] and "they\taccept\tdpo@vernay.fr" in told["show"]
    assert "Échanges entre services techniques" in told["links"]
    assert told["revoke"].endswith("\trevoked") and told["block"] == "rsi.cernon.fr\tblocked"


def here(word: str, aubin: Town, vernay: Town) -> str:
    return {AUBIN: aubin.host, VERNAY: vernay.host}.get(word, word)


def test_what_the_page_says_is_refused_is_what_commands_say():
    sources = [*(ROOT / "actors").glob("*.py"), ROOT / "instance" / "management" / "commands" / "peers.py"]
    source = " ".join(path.read_text() for path in sources)
    rows = ROWS.findall(PAGE.read_text().partition("## Quand c’est refusé")[2])[1:]
    assert len(rows) == 6
    assert [row for row in rows if row.strip("… ") not in source] == []
