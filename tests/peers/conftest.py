"""A town that runs Préau and its agents, for the tests against independent implementations."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from tests.peers.fedify_peer import FedifyPeer
from tests.peers.visitor import Visitor
from tests.towns import Town

SURNAMES = iter(["Mercier", "Vidal", "Lemoine", "Roche", "Garnier"])


@pytest.fixture(scope="package")
def aubin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Saint-Aubin, founded and running; its allow-list is empty."""
    town = Town("saint-aubin", tmp_path_factory.mktemp("peers") / "saint-aubin")
    town.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010")
    with town:
        yield town


@pytest.fixture(scope="module")
def julien(aubin: Town) -> Visitor:
    """An agent of Saint-Aubin, signed in; another Julien for each module, of whom nobody has heard."""
    name = f"Julien {next(SURNAMES)}"
    aubin.sh(f"from django.core.management import call_command\ncall_command('agents', 'invite', {name!r})")
    return Visitor(aubin, name)


@pytest.fixture(scope="module")
def lucie(aubin: Town) -> Iterator[FedifyPeer]:
    """An agent of another town, which runs Fedify and is on the allow-list; a stranger again for each module."""
    with FedifyPeer("lucie") as peer:
        put_on_the_list(aubin, peer)
        yield peer


def put_on_the_list(town: Town, peer: FedifyPeer) -> None:
    """As `preau peers add` does, which asks the house who it is."""
    town.sh(f"from django.core.management import call_command\ncall_command('peers', 'add', '127.0.0.1:{peer.port}')")


def jpeg(size: tuple[int, int] = (1200, 800)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (40, 120, 60)).save(out, "JPEG")
    return out.getvalue()
