"""Browsers of the people of Saint-Aubin, pictures to send, and posts to read."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from actors import arrivals
from outbox import publishing
from outbox.audience import Reach
from outbox.publishing import Draft


@pytest.fixture
def at_julien(sign_in, julien):
    return sign_in(julien)


@pytest.fixture
def at_helene(sign_in, helene):
    return sign_in(helene)


@pytest.fixture
def publish():
    """A post, written by the verb that the pages call."""

    def write(author, source="Bonjour", audience="organisation", parent=None, **more):
        reach = Reach(audience, service=author.service if audience == "service" else None, **more)
        return publishing.publish(author, Draft(source), reach, parent)

    return write


def picture(name="rosier.png", size=(40, 30), kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", size, "#1C6B3C").save(out, kind)
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


@pytest.fixture
def text_of():
    """What a page says: entities decoded, unbreakable spaces made plain."""
    from html import unescape

    return lambda response: " ".join(unescape(response.content.decode()).split())


@pytest.fixture
def marc(aubin):
    return arrivals.invite("Marc Delaunay", "Informatique", role="admin").actor


@pytest.fixture
def at_marc(sign_in, marc):
    return sign_in(marc)
