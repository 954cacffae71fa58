"""A machine is lost whose photos and backups are in buckets: what another makes of them, under the same name."""

import pytest

from tests.buckets import SECRET, WRITTEN
from tests.instance.backups import story
from tests.instance.backups.story import arrives, publish
from tests.towns import CommandFailed

pytestmark = pytest.mark.slow
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
READ = "len(Attachment.objects.get(name='parc.png').file.read())"


@pytest.fixture(params=DATABASES)
def lost(request, storage, tmp_path):
    """The story of two towns, and the bucket of the first."""
    place = f"essai/perdue-{request.param}"
    variables = {
        "PREAU_MEDIA_URL": storage.url(f"{place}/medias"),
        "PREAU_BACKUP_URL": storage.url(f"{place}/sauvegardes"),
    }
    found = story.begin(tmp_path, request.param, **variables)
    yield found, storage.bucket(f"{place}/medias")
    story.end(found)


def test_nothing_is_lost_of_what_was_in_buckets(lost):
    told, bucket = lost
    aubin, vernay = told.first, told.vernay
    arrives(vernay, publish(aubin, "julien.mercier", "Avant", "partners", ", photo('julien.mercier')"))
    before, kept = aubin.ask(READ), dict(bucket.listed())
    keys = ["--passphrase-file", str(told.passphrase)]
    said = aubin.manage("backup", "--keys-to", str(told.saved / "keys"), *keys)
    place = said.split("Sauvegarde complète : ")[1].split(" (")[0]
    publish(aubin, "julien.mercier", "Depuis", "partners", ", photo('julien.mercier')")
    story.destroy(aubin)
    bucket.delete(next(iter(kept)))  # and half of the bucket with it
    aubin = told.second
    restore = ["restore", place, "--keys", str(told.keys), *keys]
    assert "complète" in aubin.manage(*restore, "--check")
    said = aubin.manage(*restore)
    assert "Fichiers que la sauvegarde ne connaît pas : 2" in said and SECRET not in said and WRITTEN not in said
    aubin.start()
    aubin.sh(story.WORDS)
    assert aubin.ask(READ) == before and aubin.ask("Attachment.objects.count()") == 1
    assert {name for name, _ in bucket.listed() if not name.startswith("avant-")} == set(kept)
    arrives(vernay, publish(aubin, "julien.mercier", "Après", "partners"))
    with pytest.raises(CommandFailed, match="en marche"):
        aubin.manage(*restore, "--replace")
