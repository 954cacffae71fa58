"""A town that runs Préau, and its agents, who let applications in as anyone does: by the consent page."""

import base64
from collections.abc import Callable, Iterator
from functools import cache
from urllib.parse import urlsplit

import pytest
import requests
from mastodon import Mastodon

from tests import servers
from tests.clients.front import Front
from tests.peers.visitor import Visitor
from tests.towns import Town

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
SCOPES = ["read", "write", "follow", "push"]
SECRETS = {  # of an instance in use: libraries insist on https
    "PREAU_DEVELOPMENT": "0",
    "PREAU_SECRET_KEY": "for the tests of clients, and for nothing else",
    "PREAU_KEYS_SECRET": base64.urlsafe_b64encode(bytes(32)).decode(),
}
SURNAMES = iter(["Mercier", "Vidal", "Lemoine", "Roche", "Garnier", "Caron", "Morel", "Vasseur", "Perrin", "Colin"])


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Saint-Aubin, founded and running behind its front."""
    folder = tmp_path_factory.mktemp("clients")
    front = Front(servers.free_port(), servers.free_port(), folder)
    host = f"localhost:{front.port}"  # libraries ask the system for names, and it knows no other of this machine
    town = Town("saint-aubin", folder / "saint-aubin", port=front.inner, PREAU_HOST=host, **SECRETS)
    town.host, town.url, town.bundle = host, f"https://{host}", str(front.bundle)
    town.sh("from django.core.management import call_command\ncall_command('collectstatic', '--no-input', verbosity=0)")
    town.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010")
    with front, town:
        yield town


@pytest.fixture(scope="module")
def visitor(town: Town) -> Callable[[str], Visitor]:
    """The browser of an agent of this first name: each file of tests has a family of its own."""
    surname = next(SURNAMES)

    @cache
    def visitor(first: str) -> Visitor:
        name = f"{first} {surname}"
        town.sh(f"from django.core.management import call_command\ncall_command('agents', 'invite', {name!r})")
        return Visitor(town, name)

    return visitor


def consent(visitor: Visitor, url: str) -> str:
    """The code that an agent copies from the page, once she agreed to what the application asks."""
    parts = urlsplit(url)
    page = visitor.get(f"{parts.path}?{parts.query}")
    page = visitor.send(page, page.form(words="Connecter"), answer="yes")
    assert "Votre code" in page, page.text
    return page.body.decode().partition('<code id="code">')[2].partition("</code>")[0]


@pytest.fixture(scope="module")
def web(town: Town) -> Callable[[], requests.Session]:
    """What carries the calls of Mastodon.py, and trusts the front."""

    def web() -> requests.Session:
        session = requests.Session()
        session.verify, session.trust_env = town.bundle, False
        return session

    return web


@pytest.fixture(scope="module")
def sign_in(town: Town, visitor, web) -> Callable[[str], Mastodon]:
    """Mastodon.py, for an agent of this first name, who agreed to what it asks."""

    def sign_in(first: str) -> Mastodon:
        client = Mastodon(*introduce(first), api_base_url=town.url, session=web())
        url = client.auth_request_url(scopes=SCOPES, redirect_uris=OUT_OF_BAND)
        client.log_in(code=consent(visitor(first), url), scopes=SCOPES, redirect_uri=OUT_OF_BAND)
        return client

    def introduce(first: str) -> tuple[str, str]:
        return Mastodon.create_app(
            f"Application de {first}", SCOPES, OUT_OF_BAND, api_base_url=town.url, session=web(),
            website="https://client.example/",
        )  # fmt: skip

    return sign_in


@pytest.fixture(scope="module")
def julien(sign_in) -> Mastodon:
    return sign_in("Julien")


@pytest.fixture(scope="module")
def helene(sign_in) -> Mastodon:
    return sign_in("Hélène")
