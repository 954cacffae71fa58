"""One world for all tests: our house, its people, and real neighbours on loopback."""

import itertools

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings as django_settings
from django.test import Client

from actors import arrivals, directory, follow_arrivals
from federation import allowances, hallway, patience
from federation.models import Peer
from inbox.models import Receipt
from tests.neighbour import Neighbour, key_pair

HOST = "localhost:8000"


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch):
    """Real RSA keys, drawn from a few: making one takes as long as a test."""
    numbers = itertools.cycle(range(100, 108))
    monkeypatch.setattr(rsa, "generate_private_key", lambda public_exponent, key_size: key_pair(next(numbers))[0])


@pytest.fixture(autouse=True)
def patient():
    """Neighbours come and go on the same ports."""
    patience.forget()
    allowances.forget()


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def client():
    """A browser or a machine that speaks to our house by its name."""
    return Client(headers={"host": django_settings.HOST})


@pytest.fixture
def aubin(db):
    """Our house: Saint-Aubin, with one service."""
    organisation = arrivals.settle_organisation("Ville de Saint-Aubin", "Saint-Aubin", "210101010", "commune")
    organisation.green = arrivals.open_service("Espaces verts")
    return organisation


@pytest.fixture
def julien(aubin):
    return arrivals.invite("Julien Mercier", "Jardinier", aubin.green).actor


@pytest.fixture
def helene(aubin):
    return arrivals.invite("Hélène Vasseur", "Directrice générale des services").actor


@pytest.fixture
def sign_in():
    """A signed-in browser for an actor of ours."""

    def open_browser(actor):
        browser = Client(headers={"host": django_settings.HOST})
        browser.force_login(actor.agent)
        return browser

    return open_browser


def introduce(house):
    """Put a neighbour on our allow-list, as `preau peers add` leaves it."""
    return Peer.objects.create(
        host=house.host,
        name="Vernay",
        state="active",
        speaks_preau=house.preau,
        agent_count=168,
        instance_actor_uri=house.house,
        shared_inbox=f"{house.origin}/inbox",
        followers_uri=house.followers(),
        partner_hosts=[HOST],
    )


@pytest.fixture
def vernay(aubin):
    """A partner that runs Préau too; Lucie works there."""
    house = Neighbour()
    house.lucie = house.add_actor("lucie")
    house.peer = introduce(house)
    yield house
    house.stop()


@pytest.fixture
def stranger(aubin):
    """A house that is not on our list."""
    house = Neighbour()
    house.mallory = house.add_actor("mallory")
    yield house
    house.stop()


@pytest.fixture
def work():
    """Do all the background work that is due."""
    return hallway.run_until_idle


@pytest.fixture
def arrives(client, work):
    """Send a letter as a real peer does, do the work, and tell what became of it: a refusal's status or a state."""

    def send(house, activity, **changes):
        answer = house.post(client, activity, **changes)
        if answer.status_code != 202:
            return answer.status_code
        work()
        return Receipt.objects.get(uri=activity["id"]).state

    return send


@pytest.fixture
def lucie(vernay):
    """Lucie as we know her, once learned from her house."""
    return directory.find(vernay.lucie)


@pytest.fixture
def follows():
    """Make `one` a follower of `other`, whichever house each lives in."""

    def make(one, other):
        follow = follow_arrivals.arrived(one, other, f"{one.uri}/follows/{other.pk}")
        if follow.state == "asked":
            follow.step("accepted")
        return follow

    return make
