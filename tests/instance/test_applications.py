"""Applications act for an agent no longer than she lets them, and than she is one."""

import pytest
from oauth2_provider.models import AccessToken, Grant

from actors import arrivals
from federation.errors import Forbidden, NotHere
from instance import applications, redirects, registering
from instance.client_api.oauth import tokens
from instance.models import Application

CUSTOM = "com.tapbots.Ivory.1:/request_token/0E5F"
ELK = "https://elk.test/api/preau.test/oauth/https%3A%2F%2Felk.test"


def dated(client, agent):
    applications.let_in(agent, client.application, "https://phanpy.test/", ["read"])
    return tokens.find(client.secret) is not None and Grant.objects.filter(user=agent).exists()


@pytest.mark.row(97)
def test_a_new_password_ends_every_application(api, julien, helene):
    hers, client = api(helene), api(julien)
    assert dated(client, julien.agent)
    arrivals.choose_password(julien.agent, "un mot de passe assez long")
    assert tokens.find(client.secret) is None and not Grant.objects.exists()
    assert tokens.find(hers.secret) is not None


@pytest.mark.row(97)
def test_a_departure_ends_every_application(api, julien):
    client = api(julien)
    assert dated(client, julien.agent)
    arrivals.close(julien.agent)
    assert not AccessToken.objects.exists() and not Grant.objects.exists()


@pytest.mark.row(97)
def test_the_removal_of_an_application_ends_what_it_held(api, julien):
    client = api(julien)
    assert dated(client, julien.agent)
    applications.remove(client.application)
    assert tokens.find(client.secret) is None and not Grant.objects.exists()


def test_showing_one_out_leaves_the_others(api, julien, helene):
    hers, client, other = api(helene), api(julien), api(julien, "read")
    applications.show_out(julien.agent, client.application.pk)
    assert tokens.find(client.secret) is None
    assert tokens.find(hers.secret) is not None and tokens.find(other.secret) is not None


def test_one_cannot_show_out_what_one_did_not_let_in(api, julien, helene):
    client = api(helene)
    with pytest.raises(NotHere):
        applications.show_out(julien.agent, client.application.pk)
    assert tokens.find(client.secret) is not None


def test_each_application_is_listed_once_with_all_that_it_may_do(api, application, julien):
    one = application(name="zèbre")
    applications.give(one, "read", julien.agent)
    applications.give(one, "push", julien.agent)
    applications.give(application(name="Âne"), "profile", julien.agent)
    listed = applications.connected(julien.agent)
    assert [(each.application.name, len(each.may)) for each in listed] == [("zèbre", 2), ("Âne", 1)]


@pytest.mark.row(93)
@pytest.mark.parametrize(
    "uri",
    [
        "",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "http://phanpy.test/",
        "https://",
        "https:///x",
        "phanpy.test",
        "/here",
        "//phanpy.test/",
        "https://a@phanpy.test/",
        "https://phanpy.test/#x",
        "https://phanpy.test/ x",
        "https://phanpy.test\\@evil.test/",
        "https://é.test/",
        "https://phanpy.test/\n",
        "urn:ietf:wg:oauth:2.0:oob:auto",
        "intent://x#Intent;end",
        "https://[::1",
        "x" * 3000,
        "https://phanpy.test:port/",
        "blob:https://phanpy.test/1",
        "https://phanpy.test;sandbox/",
        "https://phanpy.test,x/",
    ],
)
def test_an_address_that_a_browser_should_not_follow_is_not_registered(db, uri):
    with pytest.raises(Forbidden):
        registering.register("Phanpy", [uri])
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    "uri",
    [
        "https://phanpy.test/",
        ELK,
        CUSTOM,
        "icecubesapp://",
        "oauth2redirect://com.keylesspalace.tusky/",
        "org.joinmastodon.android-auth://callback",
        redirects.OUT_OF_BAND,
        "http://localhost:8080/callback",
        "http://127.0.0.1:4002/",
        "http://[::1]:4002/",
        "https://phanpy.test/?a=b",
    ],
)
def test_addresses_of_real_clients_are_kept_as_they_are(db, uri):
    found, _secret = registering.register("Phanpy", [uri])
    assert found.redirects == [uri] and found.redirect_uri_allowed(uri)
    assert not found.redirect_uri_allowed(f"{uri}x") and not found.redirect_uri_allowed(uri[:-1])


@pytest.mark.row(95)
@pytest.mark.parametrize(
    "scopes", ["admin:read", "read admin:write", "everything", "read:everything", "admin:read:accounts"]
)
def test_scopes_that_do_not_exist_here_are_refused(db, scopes):
    with pytest.raises(Forbidden):
        registering.register("Phanpy", ["https://phanpy.test/"], scopes)


@pytest.mark.parametrize(
    ("name", "website"),
    [("", ""), ("x" * 201, ""), ("a\0b", ""), ("P", "javascript:x"), ("P", "https://"), ("P", "https://[")],
)
def test_an_application_has_a_name_and_perhaps_a_site(db, name, website):
    with pytest.raises(Forbidden):
        registering.register(name, ["https://phanpy.test/"], "read", website)


def test_its_secret_is_kept_nowhere(application):
    one = application()
    assert one.secret not in str(Application.objects.values().get())
