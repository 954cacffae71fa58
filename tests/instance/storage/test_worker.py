"""Celery workers, as a large town has them, with photos in a bucket: drawn, fetched, withdrawn and erased there."""

import pytest

from tests import servers
from tests.instance.backups.story import WORDS, variables
from tests.instance.web.conftest import picture
from tests.neighbour import Neighbour
from tests.towns import Town

pytestmark = pytest.mark.slow
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
SOON = 40  # seconds, with a sweep in them
PEER = """
Peer.objects.create(host={host!r}, name="Vernay", state="active", instance_actor_uri={house!r},
                    shared_inbox={inbox!r}, followers_uri={followers!r}, partner_hosts=[settings.HOST])
from actors import directory, following
lucie = directory.find({lucie!r})
following.ask(one("julien.mercier"), lucie)
Follow.objects.update(state="accepted")
"""


@pytest.fixture
def vernay():
    house = Neighbour()
    house.lucie = house.add_actor("lucie")
    yield house
    house.stop()


@pytest.fixture(params=DATABASES)
def town(request, storage, tmp_path):
    """Its web process and its workers, two processes that a third one forked, as `preau-worker.service` starts them."""
    place = f"essai/ouvriers-{request.param}"
    own = variables(request.param, "ouvriers") | {"PREAU_WORK": "celery", "PREAU_MEDIA_URL": storage.url(place)}
    with servers.redis_server() as redis_url:
        found = Town("saint-aubin", tmp_path / "a", REDIS_URL=redis_url, **own)
        found.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", ["Julien Mercier"])
        found.sh(WORDS)
        with found, servers.worker(redis_url, found.variables, pool="prefork", beat=True):
            found.bucket = storage.bucket(place)
            yield found


def names(town):
    return sorted(name.split("/")[0] for name, _ in town.bucket.listed())


def test_workers_draw_fetch_withdraw_and_erase(town, vernay):
    the_large_picture_of_one_of_ours(town)
    what_a_partner_sent_and_took_back(town, vernay)
    what_could_not_be_erased(town)
    assert not list((town.folder / "data").glob("media/**/*.*"))


def the_large_picture_of_one_of_ours(town):
    large = town.folder / "grand.png"
    large.write_bytes(picture(size=(2500, 2500)).read())
    town.sh(f"""
        from pathlib import Path
        from outbox import uploads
        row = uploads.take(one("julien.mercier"), "grand.png", Path({str(large)!r}).read_bytes())
        assert row.state == "waiting", row.state
    """)
    town.wait_until("Attachment.objects.get(name='grand.png').state == 'kept'", SOON)
    town.wait_until(lambda: names(town) == ["files", "thumbnails"], SOON)
    assert town.ask("Attachment.objects.get(name='grand.png').file.read(4).decode()") == "RIFF"
    town.sh("uploads.remove(Attachment.objects.get(name='grand.png'))")
    assert names(town) == []


def what_a_partner_sent_and_took_back(town, vernay):
    vernay.documents["/lac.png"] = ("image/png", picture().read())
    facts = {"house": vernay.house, "inbox": f"{vernay.origin}/inbox", "followers": vernay.followers()}
    town.sh(PEER.format(host=vernay.host, lucie=vernay.lucie, **facts))
    lake = {"type": "Image", "mediaType": "image/png", "url": f"{vernay.origin}/lac.png", "name": "le lac"}
    letter = vernay.create(vernay.lucie, [f"{vernay.lucie}/followers"], attachment=[lake])
    assert town.receive(vernay, letter) == 202
    town.wait_until("Attachment.objects.filter(description='le lac', state='kept').exists()", SOON)
    assert names(town) == ["files", "thumbnails"]
    assert town.receive(vernay, vernay.activity("Delete", vernay.lucie, letter["object"]["id"])) == 202
    town.wait_until(lambda: names(town) == [], SOON)


def what_could_not_be_erased(town):
    """It was noted when the bucket was away; nobody wakes a worker for it."""
    town.bucket.put("files/reste.webp", b"x")
    town.sh("""
        from django.utils.timezone import now
        from instance.models import Unerased
        Unerased.objects.create(name="files/reste.webp", due_at=now())
    """)
    town.wait_until("not Unerased.objects.exists()", SOON)
    assert names(town) == []
