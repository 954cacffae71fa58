"""An agent lets an application in, in a real browser, and a real client acts for her until she shows it out."""

from urllib.parse import urlsplit

import pytest
import requests
from mastodon import Mastodon, MastodonUnauthorizedError

from tests.browser.conftest import PHONE
from tests.neighbour import Neighbour

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class ToThisMachine(requests.adapters.HTTPAdapter):
    """Names under .localhost are known to browsers only."""

    def send(self, request, *args, **options):
        name = urlsplit(request.url)
        request.headers["Host"] = name.netloc
        request.url = request.url.replace(name.hostname, "127.0.0.1", 1)
        return super().send(request, *args, **options)


@pytest.fixture(scope="module")
def elsewhere():
    """A page of another origin, where a browser is sent back."""
    house = Neighbour()
    yield f"{house.origin}/callback"
    house.stop()


@pytest.fixture
def introduced(two_towns):
    """Mastodon.py, known to the town, and not yet to any agent."""

    session = requests.Session()
    session.mount("http://", ToThisMachine())
    here = {"api_base_url": two_towns.aubin.url, "session": session}

    def introduce(**options):
        codes = Mastodon.create_app("Tableau de bord", website="https://bord.example", **options, **here)
        return Mastodon(*codes, **here)

    return introduce


def test_one_is_sent_back_to_the_application_with_a_code(two_towns, sits_down, introduced, elsewhere):
    """Browsers hold a form to its policy even when its answer leads elsewhere: this one may lead there."""
    julien = sits_down(two_towns.aubin, "Julien Mercier", viewport=PHONE)
    asked = introduced(redirect_uris=elsewhere).auth_request_url(redirect_uris=elsewhere, state="42", allow_http=True)
    page = julien.goes_to(asked.removeprefix(two_towns.aubin.url))
    assert page.get_by_text("Tableau de bord").count() and page.get_by_text("https://bord.example").count()
    page.get_by_role("button", name="Connecter").click()
    page.wait_for_url(f"{elsewhere}?code=*&state=42")
    page = julien.goes_to(asked.removeprefix(two_towns.aubin.url))
    page.get_by_role("button", name="Refuser").click()
    page.wait_for_url(f"{elsewhere}?error=access_denied*")


def test_a_copied_code_lets_a_real_client_in_until_it_is_shown_out(two_towns, sits_down, introduced):
    julien, client = sits_down(two_towns.aubin, "Julien Mercier"), introduced()
    page = julien.goes_to(client.auth_request_url(allow_http=True).removeprefix(two_towns.aubin.url))
    page.get_by_role("button", name="Connecter").click()
    client.log_in(code=page.locator("#code").inner_text(), allow_http=True)
    assert client.app_verify_credentials().name == "Tableau de bord"
    assert client.account_verify_credentials().username == "julien.mercier"
    page = julien.goes_to("/reglages/applications/")
    page.get_by_role("button", name="Déconnecter").click()
    page.get_by_text("Aucune application").wait_for()
    with pytest.raises(MastodonUnauthorizedError):
        client.account_verify_credentials()
