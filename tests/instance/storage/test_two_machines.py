"""Two web processes, each with a folder of its own, on one database and one bucket."""

import io
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests import migrated
from tests.instance.backups.story import variables
from tests.peers.visitor import Visitor
from tests.towns import Town

pytestmark = pytest.mark.slow
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=DATABASES)
def machines(request, storage, tmp_path):
    shared = {"PREAU_MEDIA_URL": storage.url(f"essai/{request.param}-{tmp_path.name}/medias")}
    if request.param == "sqlite":
        migrated.place(tmp_path / "commune.sqlite3")
        shared["DATABASE_URL"] = f"sqlite:///{tmp_path}/commune.sqlite3"
    else:
        shared |= variables("postgresql", "deux_machines")
    first = Town("saint-aubin", tmp_path / "une", **shared)
    second = Town("saint-aubin", tmp_path / "autre", PREAU_HOST=first.host, **shared)
    second.host, second.url = first.host, first.url
    first.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", ["Julien Mercier", "Hélène Vasseur"])
    for town in (first, second):
        town.forked = False  # its command line is read
        town.start()
    yield first, second
    for town in (first, second):
        town.stop()


def photo() -> bytes:
    drawn = io.BytesIO()
    Image.effect_noise((1200, 900), 60).save(drawn, "JPEG")
    return drawn.getvalue()


def test_a_photo_posted_at_the_one_is_read_at_the_other_and_by_nobody_else(machines, storage):
    first, second = machines
    Visitor(first, "Julien Mercier").publish("La cour", "organisation", photo(), "la cour")
    at_second, helene = (Visitor(second, name) for name in ("Julien Mercier", "Hélène Vasseur"))
    shown = at_second.sees("/", "La cour").image("la cour")
    found = at_second.get(shown)
    assert found.status == 200 and Image.open(io.BytesIO(found.body)).format == "WEBP"
    assert helene.get(shown).body == found.body
    second.sh("from actors import arrivals\narrivals.close(Agent.objects.get(actor__name='Hélène Vasseur'))")
    refused, absent = second.call("GET", shown), second.call("GET", "/medias/01ZZZZZZZZZZZZZZZZZZZZZZZZ/")
    assert refused[0] == absent[0] == helene.get(shown).status == 404
    assert not list((first.folder / "data").glob("media/**/*.*")) and not list(
        (second.folder / "data").glob("media/**")
    )
    second.sh(
        "from outbox import publishing, posts\npublishing.withdraw(Post.objects.get().author, Post.objects.get())"
    )
    assert Visitor(first, "Julien Mercier").get(shown).status == 404
    place = urlsplit(first.variables["PREAU_MEDIA_URL"]).path.strip("/")
    assert list(storage.bucket(place).listed()) == []


def test_the_secret_of_the_bucket_is_in_no_log_and_no_command_line(machines):
    Visitor(machines[0], "Julien Mercier").publish("La cour", "organisation", photo(), "la cour")
    for town in machines:
        assert town.process
        with open(f"/proc/{town.process.pid}/cmdline") as line:
            assert "secret" not in line.read()
        assert "d+essai" not in town.log.read_text() and "d%2Bessai" not in town.log.read_text()
