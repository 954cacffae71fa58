"""Every page, on a phone and on a desk, light and dark: axe finds nothing, nothing overflows, the keyboard suffices."""

from pathlib import Path

import pytest

from tests.browser.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
FOR_AGENTS = [
    "/",
    "/?fil=service",
    "/?fil=collectivite",
    "/?fil=partenaires",
    "/publier/",
    "/publier/?reponse={post}",
    "/p/{post}/",
    "/p/{post}/historique/",
    "/p/{post}/modifier/",
    "/p/{post}/retirer/",
    "/p/{post}/envois/",
    "/p/{sent}/envois/",
    "/personnes/",
    "/personnes/?q=ferrand",
    "/personnes/julien.mercier/",
    "/personnes/lucie.ferrand@{vernay}/",
    "/notifications/",
    "/demandes/",
    "/sujets/massifs/",
    "/voisins/",
    "/menu/",
    "/reglages/profil/",
    "/reglages/securite/",
    "/reglages/apparence/",
    "/nulle-part/",
]
FOR_ALL = ["/connexion/", "/charte/", "/accessibilite/", "/donnees-personnelles/", "/aide/"]
PEOPLE_SAID = """
from outbox import publishing, reactions, audience
from outbox.publishing import Draft
from outbox.audience import Reach
from actors import following
julien = Actor.objects.get(local=True, handle="julien.mercier")
lucie = Actor.objects.filter(handle="lucie.ferrand").first()
words = "**Trois** massifs au #massifs\\n\\n- un\\n- deux"
post = publishing.publish(julien, Draft(words, kind="article", title="Les massifs"), Reach("organisation"))
publishing.edit(julien, post, Draft("Deux massifs au #massifs", kind="article", title="Les massifs"))
publishing.publish(julien, Draft("Et un de plus"), audience.of_reply(post, julien), post)
sent = publishing.publish(julien, Draft("Pour tous #massifs"), Reach("partners"))
following.ask(julien, lucie)
print(post.ulid, sent.ulid)
"""


@pytest.fixture(scope="module")
def places(two_towns):
    """The addresses of pages that have something to show."""
    aubin, vernay = two_towns
    aubin.wait_until("Actor.objects.filter(handle='lucie.ferrand').exists()")
    post, sent = aubin.sh(PEOPLE_SAID).splitlines()[-1].split()
    return [path.format(post=post, sent=sent, vernay=vernay.host) for path in FOR_AGENTS]


def faults(page):
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [f"{page.url} {each['id']}: {each['nodes'][0]['html'][:200]}" for each in found] + (
        [f"{page.url} is wider than its window"] if wide else []
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_no_page_has_a_fault(two_towns, sits_down, places, viewport, scheme):
    julien = sits_down(two_towns.aubin, "Julien Mercier", viewport=viewport, color_scheme=scheme, bypass_csp=True)
    found = [fault for path in places for fault in faults(julien.goes_to(path))]
    julien.context.clear_cookies()
    found += [fault for path in FOR_ALL for fault in faults(julien.goes_to(path))]
    assert not found, "\n".join(found)


def test_without_script_one_still_writes_and_answers(two_towns, sits_down):
    julien = sits_down(two_towns.aubin, "Julien Mercier", java_script_enabled=False)
    page = julien.goes_to("/publier/")
    page.locator("textarea[name=text]").fill("Écrit sans script")
    page.locator(".sendbar button").click()
    assert page.get_by_text("Écrit sans script").count()
    page.locator("button[id^=utile]").first.click()
    assert page.locator("button[id^=utile][aria-pressed=true]").count()


def test_the_keyboard_suffices_to_publish(two_towns, sits_down):
    julien = sits_down(two_towns.aubin, "Julien Mercier")
    page = julien.goes_to("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Aller au contenu"
    page.get_by_role("link", name="Publier").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/publier/")
    page.locator("textarea[name=text]").focus()
    page.keyboard.type("Écrit au clavier")
    while not page.evaluate(
        "!!document.activeElement.closest('.sendbar') && document.activeElement.tagName == 'BUTTON'"
    ):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{two_towns.aubin.url}/")
    assert page.get_by_text("Écrit au clavier").count()
