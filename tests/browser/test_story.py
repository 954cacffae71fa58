"""The story that the house was built for: Julien follows Lucie, who works next door, and reads her posts."""

import io
import re

import pytest
from PIL import Image

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TO_PARTNERS = "Le massif de la gare est planté"
AT_HOME = "Entre nous à Vernay : le vestiaire ferme à midi"
EDITED = "Le massif de la gare est planté et paillé"


def photo():
    out = io.BytesIO()
    Image.new("RGB", (1200, 800), (40, 120, 60)).save(out, "JPEG")
    return {"name": "massif.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def chooses(page, text, deed):
    """Open the menu of the post that says `text`, and choose."""
    post = page.get_by_role("article").filter(has_text=text)
    post.locator("details.more-menu > summary").click()
    post.get_by_role("link", name=deed).click()


@pytest.fixture(scope="module")
def julien(two_towns, sits_down):
    return sits_down(two_towns.aubin, "Julien Mercier")


@pytest.fixture(scope="module")
def lucie(two_towns, sits_down):
    return sits_down(two_towns.vernay, "Lucie Ferrand")


def test_julien_finds_lucie_and_follows_her(two_towns, julien):
    page = julien.goes_to("/personnes/")
    page.get_by_label("Nom, métier").last.fill(f"@lucie.ferrand@{two_towns.vernay.host}")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="Lucie Ferrand").first.click()
    page.get_by_role("button", name="Suivre Lucie Ferrand").click()
    julien.until(lambda: page.reload() and page.get_by_role("button", name=re.compile("^Suivi")).count(), 5, "Suivi")


def test_lucie_posts_to_all_partners_with_a_photo(lucie):
    page = lucie.goes_to("/publier/")
    page.get_by_label(re.compile("^Votre message")).fill(TO_PARTNERS)
    page.locator("input[name=audience][value=partners]").check()
    page.locator("#id_photos").set_input_files(photo())
    page.get_by_role("button", name="Joindre et voir").click()
    page.get_by_label(re.compile("^Décrire la photo")).fill("Un massif de vivaces devant la gare")
    page.locator(".sendbar button").click()
    lucie.page.wait_for_url(f"{lucie.town.url}/")
    assert page.get_by_text(TO_PARTNERS).count()


def test_it_is_in_julien_s_home_within_five_seconds_with_its_photo(two_towns, julien):
    julien.sees("/", TO_PARTNERS)
    two_towns.aubin.wait_until("Attachment.objects.get().state == 'kept'", 5)
    page = julien.goes_to("/")
    image = page.get_by_alt_text("Un massif de vivaces devant la gare")
    image.scroll_into_view_if_needed()
    julien.until(lambda: image.evaluate("image => image.naturalWidth") > 0, 5, "the photo")
    assert image.evaluate("image => new URL(image.src).host") == two_towns.aubin.host


def test_he_replies_and_she_is_notified(julien, lucie):
    page = julien.goes_to("/")
    page.get_by_role("link", name=re.compile("Répondre|réponse")).first.click()
    page.get_by_role("textbox", name="Votre réponse").fill("Superbe, combien de plants au mètre carré ?")
    page.get_by_role("button", name="Répondre").click()
    lucie.sees("/notifications/", "Julien Mercier")
    lucie.page.get_by_role("link", name=re.compile("Julien Mercier")).first.click()
    assert lucie.page.get_by_text("combien de plants").count()


def test_she_edits_and_he_sees_the_edit_and_its_history(lucie, julien):
    page = lucie.goes_to("/")
    chooses(page, TO_PARTNERS, "Modifier")
    page.get_by_label(re.compile("^Votre message")).fill(EDITED)
    page.get_by_role("button", name="Enregistrer").click()
    julien.sees("/", EDITED)
    julien.page.get_by_role("link", name=re.compile("Modifiée")).first.click()
    assert julien.page.get_by_text(EDITED, exact=True).count()
    assert julien.page.get_by_text(TO_PARTNERS, exact=True).count()


def test_her_post_to_her_own_house_never_reaches_his_database(two_towns, lucie, julien):
    page = lucie.goes_to("/publier/")
    page.get_by_label(re.compile("^Votre message")).fill(AT_HOME)
    assert page.locator("input[name=audience][value=organisation]").is_checked()
    page.get_by_role("button", name=re.compile("Publier pour Vernay")).click()
    lucie.page.wait_for_url(f"{lucie.town.url}/")
    two_towns.vernay.wait_until("not Delivery.objects.filter(state='waiting').exists()")
    assert two_towns.aubin.ask(f"Post.objects.filter(html__contains={AT_HOME[:20]!r}).count()") == 0
    assert two_towns.aubin.ask(f"Receipt.objects.filter(activity__icontains={AT_HOME[:20]!r}).count()") == 0
    julien.no_longer_sees("/", AT_HOME)


def test_she_withdraws_it_and_it_is_gone_with_its_image(two_towns, lucie, julien):
    kept = two_towns.aubin.ask("Attachment.objects.get().file.path")
    page = lucie.goes_to("/")
    chooses(page, EDITED, "Retirer")
    page.get_by_role("button", name="Retirer la publication").click()
    julien.no_longer_sees("/", EDITED)
    two_towns.aubin.wait_until(f"not __import__('os').path.exists({kept!r})", 5)
    assert two_towns.aubin.ask("Attachment.objects.count()") == 0
    assert two_towns.aubin.ask("Version.objects.count()") == 0


def test_nothing_went_wrong_in_the_browsers(julien, lucie):
    assert julien.trouble == lucie.trouble == []
