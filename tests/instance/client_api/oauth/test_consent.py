"""An agent lets an application in, knowing which and for what; nobody else can, nor send her astray."""

import re

import pytest
from django.test import Client
from django.utils.timezone import now
from oauth2_provider.models import Grant

from actors import arrivals
from tests.instance.client_api.oauth.conftest import CHALLENGE, answer_of, asking
from tests.world_of_applications import RETURN

OOB = "urn:ietf:wg:oauth:2.0:oob"
ELK = "https://elk.test/api/preau.test/oauth/https%3A%2F%2Felk.test"
IVORY = "com.tapbots.Ivory.1:/request_token/0E5F"
WRONG = [
    {"redirect_uri": "https://phanpy.test"},
    {"redirect_uri": "https://phanpy.test/x"},
    {"redirect_uri": "https://phanpy.test//"},
    {"redirect_uri": "https://phanpy.test/#x"},
    {"redirect_uri": "https://phanpy.test/?x"},
    {"redirect_uri": "https://evil@phanpy.test/"},
    {"redirect_uri": "https://phanpy.test.evil.test/"},
    {"redirect_uri": "HTTPS://phanpy.test/"},
    {"redirect_uri": "javascript:alert(1)"},
    {"redirect_uri": OOB},
    {"client_id": "unknown"},
    {"client_id": None},
    {"client_id": "é"},
    {"response_type": "token"},
    {"response_type": "code token"},
    {"response_type": None},
    {"scope": "read admin:read"},
    {"scope": "everything"},
    {"code_challenge": CHALLENGE, "code_challenge_method": "plain"},
    {"code_challenge": CHALLENGE},
    {"code_challenge": CHALLENGE, "code_challenge_method": "S512"},
]


@pytest.mark.row(92, 93)
@pytest.mark.parametrize("words", WRONG, ids=str)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_wrong_is_told_here_and_sends_nobody_anywhere(application, julien, sign_in, words, method):
    response = getattr(sign_in(julien), method)(asking(application(), **words), {"answer": "yes"})
    assert response.status_code == 400 and "Location" not in response.headers
    assert not Grant.objects.exists()


@pytest.mark.row(95)
def test_no_more_is_asked_than_was_registered(application, julien, sign_in):
    response = sign_in(julien).post(asking(application(scopes="read"), scope="read write"), {"answer": "yes"})
    assert response.status_code == 400 and not Grant.objects.exists()


def test_nobody_is_let_in_by_who_is_not_signed_in(application, client):
    asked = asking(application(), state="s t&a=b")
    for response in (client.get(asked), client.post(asked, {"answer": "yes"})):
        assert response.status_code == 302 and response.headers["Location"].startswith("/connexion/?next=/oauth/")
    assert not Grant.objects.exists()


def test_one_who_is_suspended_lets_nobody_in(application, julien, sign_in):
    browser = sign_in(julien)
    julien.suspended_at = now()
    julien.save()
    assert browser.post(asking(application()), {"answer": "yes"}).status_code == 403
    assert not Grant.objects.exists()


@pytest.mark.row(99)
def test_a_form_of_another_site_is_no_consent(application, julien, settings):
    browser = Client(headers={"host": settings.HOST}, enforce_csrf_checks=True)
    browser.force_login(julien.agent)
    assert browser.post(asking(application()), {"answer": "yes"}).status_code == 403
    assert not Grant.objects.exists()


def test_a_token_does_not_open_the_page(application, api, julien):
    assert api(julien).get(asking(application())).status_code == 302


def test_saying_no_is_told_to_the_application(application, julien, sign_in):
    response = sign_in(julien).post(asking(application(), state="42"), {"answer": "no"})
    said = answer_of(response)
    assert (said["error"], said["state"]) == ("access_denied", "42")
    assert not Grant.objects.exists()


def test_the_page_is_in_no_frame_and_in_no_cache(application, julien, sign_in):
    response = sign_in(julien).get(asking(application()))
    assert response.headers["X-Frame-Options"] == "DENY"
    assert "no-store" in response.headers["Cache-Control"]
    policy = response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy and "form-action 'self' https://phanpy.test" in policy


@pytest.mark.parametrize(
    ("redirect", "source"),
    [(ELK, "https://elk.test"), (IVORY, "com.tapbots.ivory.1:"), ("icecubesapp://", "icecubesapp:"),
     ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080"), ("http://[::1]:8080/x", "http:")],
)  # fmt: skip
def test_a_browser_may_follow_the_answer_to_this_application_only(application, julien, sign_in, redirect, source):
    response = sign_in(julien).get(asking(application(redirects=[redirect]), redirect_uri=redirect))
    assert response.headers["Content-Security-Policy"].endswith(f"form-action 'self' {source}")


def test_the_page_names_the_application_and_what_it_may_do(application, julien, sign_in):
    asked = asking(application(name="<b>Phanpy</b>", scopes="read write push"), scope="read push")
    shown = sign_in(julien).get(asked).content.decode()
    assert "&lt;b&gt;Phanpy&lt;/b&gt;" in shown and "<b>Phanpy" not in shown
    assert "https://phanpy.test" in shown and "Lire tout ce que vous lisez" in shown and "Envoyer vos notif" in shown
    assert "Agir en votre nom" not in shown


@pytest.mark.row(93)
@pytest.mark.parametrize("redirect", [RETURN, ELK, IVORY, "icecubesapp://", "oauth2redirect://x/?a=b"])
def test_the_answer_comes_back_byte_for_byte(application, julien, consent, sign_in, redirect):
    asked = asking(application(redirects=[redirect]), redirect_uri=redirect, state="é&=+ ")
    back = sign_in(julien).post(asked, {"answer": "yes"}).headers["Location"]
    assert back.startswith(redirect)
    assert re.fullmatch(r"[?&]code=[\w-]{43}&state=%C3%A9%26%3D%2B\+", back[len(redirect) :])


def test_words_of_other_servers_are_tolerated(application, julien, sign_in):
    browser, one = sign_in(julien), application()
    for address in ("/oauth/authorize/?", "/oauth/authorize?"):
        asked = asking(one, force_login="False", state="None", lang="None", nonce="x", prompt="login")
        assert browser.get(asked.replace("/oauth/authorize?", address)).status_code == 200


def test_without_a_scope_reading_is_asked(application, julien, consent):
    consent(julien, application(), scope=None)
    assert Grant.objects.get().scope == "read"
    consent(julien, application(scopes="profile"), scope=None)
    assert Grant.objects.latest("pk").scope == "profile"


def test_an_application_without_an_address_is_given_a_code_to_copy(application, julien, sign_in):
    asked = asking(application(redirects=[OOB]), redirect_uri=OOB)
    browser = sign_in(julien)
    assert "n’est pas connectée" in browser.post(asked, {"answer": "no"}).content.decode()
    shown = browser.post(asked, {"answer": "yes"})
    found = re.search(r'<code id="code">([\w-]{43})</code>', shown.content.decode())
    assert found is not None
    code = found[1]
    assert shown.status_code == 200 and code not in str(Grant.objects.values().get())


def test_what_was_asked_survives_signing_in(application, client, julien):
    password = "un mot de passe assez long"
    arrivals.choose_password(julien.agent, password)
    asked = asking(application(), state="a b&c")
    page = client.get(client.get(asked).headers["Location"])
    wanted = page.context["next"]
    answer = client.post("/connexion/", {"login": "julien.mercier", "password": password, "next": wanted})
    assert answer.headers["Location"] == asked
    assert "Phanpy" in client.get(asked).content.decode()
