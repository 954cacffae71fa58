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
    "/reglages/applications/",
    "/oauth/authorize?{asked}",
    "/reglages/apparence/",
    "/reglages/heures-calmes/",
    "/nulle-part/",
]
FOR_ADMINS = [
    "/administration/",
    "/administration/proposer/",
    "/administration/inviter/",
    "/administration/file/",
    "/administration/sante/",
    "/administration/emojis/",
    "/administration/heures-calmes/",
    "/administration/collectivites/{vernay}/",
    "/administration/collectivites/{vernay}/rompre/",
    "/administration/collectivites/{vernay}/bloquer/",
    "/administration/collectivites/rsi.ronceval.example/",
    "/administration/collectivites/rsi.montclar.example/",
    "/menu/",
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
from instance import applications, registering
one = registering.register("Phanpy", ["https://phanpy.test/"], "read write", "https://phanpy.test").application
applications.give(one, "read write", julien.agent)
asked = f"client_id={one.client_id}&redirect_uri=https://phanpy.test/&response_type=code&scope=read+write"
print(post.ulid, sent.ulid, asked)
"""
HOUSES_ASKED = """
from actors import arrivals, partnerships, terms
arrivals.invite("Marc Delaunay", "Informatique", role="admin")
said = terms.Terms("dpo@ronceval.example", "Partager nos massifs", words="Bonjour, nous sommes vos voisins.")
for host, state in (("rsi.ronceval.example", "requested"), ("rsi.montclar.example", "offered")):
    peer = Peer.objects.create(host=host, name=host, state=state, instance_actor_uri=f"https://{host}/ap/instance")
    partnerships.note(peer, "offer", f"https://{host}/1", said, ours=state == "offered")
ours = "http://%s/ap/instance" % settings.HOST
body = {"id": "https://rsi.villebrac.example/1", "type": "Offer", "actor": "https://rsi.villebrac.example/ap/instance"}
body["object"] = {
    "type": "Relationship", "subject": body["actor"], "object": ours, "purpose": "Échanger",
    "dataProtectionContact": "dpo@villebrac.example",
}
Approach.objects.create(
    host="rsi.villebrac.example", actor_uri=body["actor"], target="/ap/instance/inbox", headers={},
    body=__import__("json").dumps(body),
)
lucie = Actor.objects.filter(handle="lucie.ferrand").first()
for state in ("failed", "ignored"):
    uri = f"{lucie.uri}/{state}"
    Receipt.objects.create(uri=uri, actor=lucie, kind="Create", activity={}, state=state, reason="ValueError")
late = Peer.objects.filter(state="active").first()
Peer.objects.filter(pk=late.pk).update(failing_since=late.state_since)
given = {"object_uri": ours, "sender_uri": ours, "document": {"type": "Note"}}
dispatch = Dispatch.objects.create(activity_uri=f"{ours}/1", **given)
for number, state in enumerate(("waiting", "abandoned")):
    inbox = f"https://rsi.ronceval.example/{number}"
    Delivery.objects.create(dispatch=dispatch, inbox=inbox, host="rsi.ronceval.example", state=state, answer="410")
"""


@pytest.fixture(scope="module")
def places(two_towns):
    """The addresses of pages that have something to show."""
    aubin, vernay = two_towns
    aubin.wait_until("Actor.objects.filter(handle='lucie.ferrand').exists()")
    post, sent, asked = aubin.sh(PEOPLE_SAID).splitlines()[-1].split()
    return [path.format(post=post, sent=sent, vernay=vernay.host, asked=asked) for path in FOR_AGENTS]


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


@pytest.fixture(scope="module")
def admin_pages(two_towns, places):
    two_towns.aubin.sh(HOUSES_ASKED)
    return [path.format(vernay=two_towns.vernay.host) for path in FOR_ADMINS]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_no_page_for_admins_has_a_fault(two_towns, sits_down, admin_pages, viewport, scheme):
    marc = sits_down(two_towns.aubin, "Marc Delaunay", viewport=viewport, color_scheme=scheme, bypass_csp=True)
    found = [fault for path in admin_pages for fault in faults(marc.goes_to(path))]
    assert not found, "\n".join(found)


def test_without_script_an_admin_still_answers_a_house(two_towns, sits_down, admin_pages):
    marc = sits_down(two_towns.aubin, "Marc Delaunay", java_script_enabled=False)
    page = marc.goes_to("/administration/")
    page.get_by_role("link", name="Lire et répondre").click()
    page.locator("#refuser_words").fill("Pas cette année")
    page.get_by_role("button", name="Refuser la demande").click()
    assert page.get_by_text("Demande refusée par nous").count()
    assert page.get_by_text("Pas cette année").count()


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
