"""The steps of signing in through an application, as clients take them."""

import base64
import hashlib
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.world_of_applications import RETURN

VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def asking(application, **words):
    """The address to which an application sends a browser; a word that is None is left out."""
    usual = {"client_id": application.client_id, "redirect_uri": RETURN, "response_type": "code"}
    said = {**usual, "scope": "read write follow push", **words}
    return f"/oauth/authorize?{urlencode({name: each for name, each in said.items() if each is not None})}"


def answer_of(response):
    """The parameters with which a browser is sent back."""
    return {name: each[0] for name, each in parse_qs(urlsplit(response.headers["Location"]).query).items()}


@pytest.fixture
def exchange(client):
    """Exchange a code as a client does."""

    def post(application, code, /, **words):
        usual = {"grant_type": "authorization_code", "client_id": application.client_id, "redirect_uri": RETURN}
        said = {**usual, "client_secret": application.secret, "code": code, **words}
        return client.post("/oauth/token", {name: each for name, each in said.items() if each is not None})

    return post


@pytest.fixture
def consent(sign_in):
    """An agent says yes to an application; the code, and all that came back with it."""

    def say_yes(actor, application, **words):
        response = sign_in(actor).post(asking(application, **words), {"answer": "yes"})
        assert response.status_code == 303, response.content
        return answer_of(response)

    return say_yes
