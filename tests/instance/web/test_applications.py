"""One sees the applications that one let in, and shows them out; nobody else's, and not when they were last there."""

from instance import applications
from instance.client_api.oauth import tokens

PAGE = "/reglages/applications/"


def out(connected):
    return f"{PAGE}{connected.application.pk}/deconnecter/"


def test_one_cannot_show_out_the_application_of_another(api, sign_in, julien, helene):
    hers = api(helene)
    assert sign_in(julien).post(out(hers)).status_code == 404
    assert tokens.find(hers.secret) is not None


def test_looking_at_the_address_shows_nobody_out(api, sign_in, julien):
    connected = api(julien)
    assert sign_in(julien).get(out(connected)).status_code == 405
    assert tokens.find(connected.secret) is not None


def test_an_application_cannot_read_the_page(api, julien):
    assert api(julien).get(PAGE).status_code == 302


def test_one_sees_ones_own_with_what_they_may_do(api, application, sign_in, julien, helene):
    applications.give(application(name="<i>Phanpy</i>"), "read push", julien.agent)
    applications.give(application(name="Une autre"), "read", helene.agent)
    shown = sign_in(julien).get(PAGE).content.decode()
    assert "&lt;i&gt;Phanpy&lt;/i&gt;" in shown and "Une autre" not in shown
    assert "Lire tout ce que vous lisez" in shown and "Agir en votre nom" not in shown
    assert "https://phanpy.test" in shown


def test_one_shows_out_an_application(api, sign_in, julien):
    connected, browser = api(julien), sign_in(julien)
    response = browser.post(out(connected), follow=True)
    shown = response.content.decode()
    assert "Application 1 est déconnectée." in shown and "Aucune application" in shown
    assert tokens.find(connected.secret) is None


def test_a_new_password_shows_out_all_of_them(api, sign_in, julien):
    connected, browser = api(julien), sign_in(julien)
    password = "un mot de passe assez long"
    assert browser.post("/reglages/securite/", {"new": password, "again": password}).status_code == 303
    assert tokens.find(connected.secret) is None


def test_the_list_asks_as_much_for_ten_as_for_one(application, sign_in, julien, django_assert_max_num_queries):
    for number in range(10):
        applications.give(application(name=f"Application {number}"), "read", julien.agent)
    browser = sign_in(julien)
    with django_assert_max_num_queries(8):
        assert browser.get(PAGE).content.decode().count("Déconnecter") == 10
