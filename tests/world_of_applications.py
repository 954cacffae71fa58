"""Applications of the one world, and what acts through them: a client with a token, made as the house makes them."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from instance import applications, registering

ALL = "read write follow push"
RETURN = "https://phanpy.test/"


@pytest.fixture
def application(db):
    """Introduce an application; `secret` is on it, told once."""

    def introduce(name="Phanpy", redirects=(RETURN,), scopes=ALL, website="https://phanpy.test"):
        found, secret = registering.register(name, list(redirects), scopes, website)
        found.secret = secret
        return found

    return introduce


@pytest.fixture
def api(application):
    """A client that acts for an actor of ours (None: for the application itself) by a token with these scopes."""
    known: dict[str, Any] = {}

    def connect(actor, scopes=ALL):
        if scopes not in known:
            known[scopes] = application(name=f"Application {len(known) + 1}", scopes=scopes)
        secret = applications.give(known[scopes], scopes, actor.agent if actor is not None else None)
        client = Client(headers={"host": settings.HOST, "authorization": f"Bearer {secret}"})
        client.secret, client.application = secret, known[scopes]
        return client

    return connect
