"""The ways in and out."""

import pytest

from actors import arrivals

SECRET = "quatre mots sans rapport"


@pytest.fixture
def with_password(julien):
    julien.agent.set_password(SECRET)
    julien.agent.save()
    return julien


def enter(client, login="julien.mercier", password=SECRET, **more):
    return client.post("/connexion/", {"login": login, "password": password, **more})


def signed_in(client):
    return client.get("/menu/").status_code == 200


@pytest.mark.parametrize("path", ["/", "/publier/", "/personnes/", "/notifications/", "/menu/", "/p/x/", "/voisins/"])
def test_whoever_is_not_signed_in_is_led_to_the_door(client, aubin, path):
    response = client.get(path)
    assert response.status_code == 302
    assert response.url == f"/connexion/?next={path}"


@pytest.mark.parametrize("path", ["/charte/", "/accessibilite/", "/donnees-personnelles/", "/aide/", "/connexion/"])
def test_some_pages_are_for_everyone(client, aubin, path):
    assert client.get(path).status_code == 200


def test_one_enters_by_name_and_password(client, with_password):
    response = enter(client, next="/personnes/")
    assert (response.status_code, response.url) == (303, "/personnes/")
    assert signed_in(client)


def test_a_wrong_password_and_an_unknown_name_are_told_the_same_thing(client, with_password, text_of):
    wrong, unknown = enter(client, password="autre"), enter(client, login="personne")
    assert wrong.status_code == unknown.status_code == 422
    for response in (wrong, unknown):
        assert "Ce nom et ce mot de passe ne vont pas ensemble" in text_of(response)
    assert not signed_in(client)


def test_what_was_typed_stays_but_for_the_password(client, with_password):
    page = enter(client, password="autre-secret").content.decode()
    assert 'value="julien.mercier"' in page and "autre-secret" not in page
    assert "<title>Erreur" in page


@pytest.mark.parametrize("elsewhere", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)"])
def test_the_way_in_does_not_lead_to_another_house(client, with_password, elsewhere):
    assert enter(client, next=elsewhere).url == "/"


def test_the_door_closes_after_ten_tries_on_one_account(client, with_password, text_of):
    for _ in range(10):
        enter(client, password="autre")
    response = enter(client)
    assert "Trop d’essais" in text_of(response)
    assert not signed_in(client)


def test_one_address_cannot_try_every_account(client, with_password, text_of):
    for number in range(50):
        enter(client, login=f"agent{number}", password="autre")
    assert "Trop d’essais" in text_of(enter(client))


def test_behind_our_proxy_each_reader_has_her_own_count(client, with_password):
    for number in range(50):
        client.post(
            "/connexion/", {"login": f"agent{number}", "password": "x"}, headers={"X-Forwarded-For": "192.0.2.1"}
        )
    from_elsewhere = {"X-Forwarded-For": "192.0.2.1, 192.0.2.9"}
    response = client.post("/connexion/", {"login": "julien.mercier", "password": SECRET}, headers=from_elsewhere)
    assert response.status_code == 303


def test_signing_in_renews_the_session(client, with_password):
    client.post("/langue/", {"language": "fr"})
    session = client.session
    session["before"] = True
    session.save()
    client.cookies["preau"] = session.session_key
    enter(client)
    assert client.session.session_key != session.session_key


def test_a_link_lets_in_once(client, julien, text_of):
    path = arrivals.sign_in_link(julien.agent).partition("8000")[2]
    assert "Bienvenue, Julien" in text_of(client.get(path))
    assert client.post(path).status_code == 303
    assert signed_in(client)
    client.post("/deconnexion/")
    assert client.post(path).status_code == 410
    assert not signed_in(client)


def test_looking_at_a_link_does_not_use_it(client, julien):
    path = arrivals.sign_in_link(julien.agent).partition("8000")[2]
    for _ in range(3):
        assert client.get(path).status_code == 200
    client.head(path)
    assert client.post(path).status_code == 303


def test_an_unknown_link_says_what_to_do(client, aubin, text_of):
    response = client.get("/entrer/inconnu/")
    assert response.status_code == 410
    assert "Demandez-en un nouveau" in text_of(response)


def test_whoever_left_does_not_come_back_in(client, with_password):
    path = arrivals.sign_in_link(with_password.agent).partition("8000")[2]
    arrivals.close(with_password.agent)
    assert client.post(path).status_code == 410
    assert enter(client).status_code == 422


def test_signing_out_takes_a_press_on_a_button(at_julien):
    assert at_julien.get("/deconnexion/").status_code == 405
    assert at_julien.post("/deconnexion/").url == "/connexion/"
    assert not signed_in(at_julien)


def test_the_forms_need_their_token(julien):
    from django.conf import settings
    from django.test import Client

    browser = Client(enforce_csrf_checks=True, headers={"host": settings.HOST})
    browser.force_login(julien.agent)
    response = browser.post("/publier/", {"text": "Bonjour"})
    assert response.status_code == 403
    assert "Ce formulaire n’est plus valable" in response.content.decode()
