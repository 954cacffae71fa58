"""One's own settings."""

import io
from urllib.parse import urlsplit

from PIL import Image

from actors import arrivals
from actors.models import Actor
from tests.instance.web.conftest import picture

SECRET = "quatre mots sans rapport"


def describe(browser, **fields):
    return browser.post("/reglages/profil/", {"occupation": "Jardinier", "discoverable": "on", **fields})


def choose(browser, **fields):
    return browser.post("/reglages/securite/", {"new": SECRET, "again": SECRET, **fields})


def test_a_link_that_was_made_before_a_password_opens_nothing_after_it(at_julien, julien, client):
    """Whoever may have read it on its way."""
    path = urlsplit(arrivals.sign_in_link(julien.agent)).path
    assert choose(at_julien).url == "/menu/"
    client.post(path)
    assert "_auth_user_id" not in client.session
    assert arrivals.use_link(path.rstrip("/").rpartition("/")[2]) is None


def test_what_one_says_of_oneself_shows_on_ones_page(at_julien, at_helene, text_of):
    response = describe(at_julien, summary="Vingt ans de terrain.\n\n<b>Serres</b> et vivaces.")
    assert response.url == "/personnes/julien.mercier/"
    page = text_of(at_helene.get("/personnes/julien.mercier/"))
    assert "Vingt ans de terrain." in page and "<b>Serres</b>" in page  # as typed: `text_of` decodes what was escaped
    form = text_of(at_julien.get("/reglages/profil/"))
    assert "Vingt ans de terrain." in form and "<b>Serres</b> et vivaces." in form
    assert "<b>Serres" not in Actor.objects.get(handle="julien.mercier").summary


def test_a_verified_name_is_not_changed_by_a_form(at_julien, julien):
    describe(at_julien, name="Quelqu’un d’autre")
    julien.refresh_from_db()
    assert julien.name == "Julien Mercier"


def test_neighbours_are_told_that_a_profile_changed(at_julien, vernay, work):
    describe(at_julien)
    work()
    (letter,) = [body for _path, _headers, body in vernay.received]
    assert letter["type"] == "Update" and letter["object"]["occupation"] == "Jardinier"


def test_a_portrait_is_drawn_again_and_can_be_removed(at_julien, julien):
    describe(at_julien, portrait=picture(size=(600, 300)))
    julien.refresh_from_db()
    first = julien.avatar_url
    drawn = Image.open(io.BytesIO(b"".join(at_julien.get(first).streaming_content)))
    assert drawn.format == "WEBP" and drawn.size == (256, 256)
    describe(at_julien, portrait=picture())
    julien.refresh_from_db()
    assert julien.avatar_url != first
    describe(at_julien, without_portrait="on")
    julien.refresh_from_db()
    assert julien.avatar_url == ""


def test_a_portrait_that_is_no_picture_is_refused_next_to_its_field(at_julien, julien, text_of):
    from django.core.files.uploadedfile import SimpleUploadedFile

    response = describe(at_julien, portrait=SimpleUploadedFile("a.png", b"rien"), occupation="Paysagiste")
    page = text_of(response)
    assert response.status_code == 422 and "n’est pas une image" in page and 'id="id_portrait_error"' in page
    assert 'value="Paysagiste"' in page


def test_a_first_password_needs_no_former_one(at_julien, julien):
    assert choose(at_julien).url == "/menu/"
    julien.agent.refresh_from_db()
    assert julien.agent.check_password(SECRET)
    assert at_julien.get("/menu/").status_code == 200


def test_a_new_password_takes_the_former_one_and_ends_the_other_sessions(at_julien, sign_in, julien, text_of):
    choose(at_julien)
    julien.agent.refresh_from_db()
    other = sign_in(julien)
    new = {"new": "encore quatre mots inconnus", "again": "encore quatre mots inconnus"}
    assert "Ce n’est pas votre mot de passe actuel" in text_of(choose(at_julien, current="faux", **new))
    assert other.get("/menu/").status_code == 200
    assert choose(at_julien, current=SECRET, **new).status_code == 303
    assert at_julien.get("/menu/").status_code == 200
    assert other.get("/menu/").status_code == 302


def test_a_weak_password_is_refused_in_words(at_julien, text_of):
    page = text_of(choose(at_julien, new="julien", again="julien"))
    assert "trop court" in page and "12" in page
    assert "trop semblable" in text_of(choose(at_julien, new="julien.mercier", again="julien.mercier"))
    assert "Les deux mots de passe diffèrent" in text_of(choose(at_julien, again="autre"))


def test_a_look_is_kept_with_the_account(at_julien):
    at_julien.post("/reglages/apparence/", {"theme": "dark", "language": "fr"})
    assert 'data-theme="dark"' in at_julien.get("/menu/").content.decode()
    assert at_julien.post("/reglages/apparence/", {"theme": "rose"}).status_code == 422


def test_the_language_is_chosen_by_anyone_and_kept_by_agents(client, at_julien, julien):
    assert client.post("/langue/", {"language": "en", "next": "/aide/"}).url == "/aide/"
    assert 'lang="en"' in client.get("/aide/").content.decode()
    assert client.post("/langue/", {"language": "en", "next": "https://ailleurs.example"}).url == "/"
    at_julien.post("/langue/", {"language": "en"})
    julien.agent.refresh_from_db()
    assert julien.agent.language == "en"
    at_julien.post("/langue/", {"language": "klingon"})
    julien.agent.refresh_from_db()
    assert julien.agent.language == "en"
