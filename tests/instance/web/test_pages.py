"""Every page stands, for an agent of a house that lives."""

import pytest

from actors.models import Organisation

PAGES = [
    "/",
    "/?fil=service",
    "/?fil=collectivite",
    "/?fil=partenaires",
    "/publier/",
    "/p/{post}/",
    "/p/{post}/modifier/",
    "/p/{post}/historique/",
    "/p/{post}/retirer/",
    "/p/{post}/envois/",
    "/publier/?reponse={post}",
    "/personnes/",
    "/personnes/?q=e",
    "/personnes/julien.mercier/",
    "/personnes/helene.vasseur/",
    "/personnes/lucie@{vernay}/",
    "/personnes/espaces.verts/",
    "/personnes/saint.aubin/",
    "/demandes/",
    "/notifications/",
    "/sujets/jardin/",
    "/voisins/",
    "/menu/",
    "/reglages/profil/",
    "/reglages/securite/",
    "/reglages/apparence/",
    "/reglages/heures-calmes/",
    "/charte/",
    "/accessibilite/",
    "/donnees-personnelles/",
    "/aide/",
]


@pytest.fixture
def living(at_julien, julien, helene, lucie, vernay, follows, publish, work):
    """Julien's browser, with something on every page."""
    Organisation.objects.create(host=vernay.host, name="Mairie de Vernay", short_name="Vernay", actor=None)
    follows(julien, lucie)
    follows(helene, julien)
    post = publish(julien, "Les rosiers du #jardin")
    publish(helene, "@julien.mercier bravo", parent=post)
    work()
    return at_julien, {"post": post.ulid, "vernay": vernay.host}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands_in_both_languages(living, path, language):
    browser, names = living
    browser.post("/langue/", {"language": language})
    response = browser.get(path.format(**names))
    page = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}"' in page and page.count("<h1") == 1 and page.count("<main") == 1
    assert " style=" not in page and "<style" not in page and " onclick" not in page


def test_titles_tell_pages_and_houses_apart(living):
    browser, names = living
    titles = set()
    for path in PAGES:
        page = browser.get(path.format(**names)).content.decode()
        titles.add(page.partition("<title>")[2].partition("</title>")[0])
    assert all("Saint-Aubin" in title for title in titles)
    assert len(titles) >= 22


def test_machines_are_told_that_all_is_well_and_nothing_else(client, db):
    response = client.get("/sante/")
    assert (response.content, response.headers["Content-Type"]) == (b"ok", "text/plain; charset=utf-8")


def test_an_installed_application_bears_the_name_of_the_house(client, aubin):
    response = client.get("/manifest.webmanifest")
    assert response.headers["Content-Type"] == "application/manifest+json"
    assert response.json()["name"] == "Le Préau – Saint-Aubin"


def test_an_unknown_page_says_so(at_julien, client, text_of):
    for browser in (at_julien, client):
        response = browser.get("/nulle-part/")
        assert response.status_code == 404 and "Cette page n’est pas ici" in text_of(response)
