"""A machine is lost whose photos and backups are in buckets: what another makes of them, under the same name.

It is the story of tests/instance/backups/test_machine_lost.py, told on PostgreSQL; there it is of a disk, on SQLite.
"""

import pytest

from tests.buckets import SECRET, WRITTEN
from tests.instance.backups import story
from tests.instance.backups.story import publish
from tests.instance.backups.test_machine_lost import live_through
from tests.towns import CommandFailed

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
IS_READ = "len(Attachment.objects.get().file.read()) == Attachment.objects.get().file.size > 0"


@pytest.fixture
def lost(storage, tmp_path):
    """The story of two towns, and the bucket of the first."""
    variables = {
        "PREAU_MEDIA_URL": storage.url("essai/perdue/medias"),
        "PREAU_BACKUP_URL": storage.url("essai/perdue/sauvegardes"),
    }
    found = story.begin(tmp_path, "postgresql", **variables)
    yield found, storage.bucket("essai/perdue/medias")
    story.end(found)


def test_nothing_is_lost_of_what_was_in_buckets_either(lost):
    told, bucket = lost
    first, second, kept = told.first, told.second, {}

    def half_of_it_is_lost():
        kept.update(bucket.listed())
        publish(first, "julien.mercier", "Depuis", "partners", ", photo('julien.mercier')")
        assert first.ask("Attachment.objects.count()") == 2
        bucket.delete(next(iter(kept)))
        assert "complète" in second.manage(*story.to_restore(told), "--check")

    said = live_through(told, half_of_it_is_lost)
    assert "Fichiers que la sauvegarde ne connaît pas : 2" in said and SECRET not in said and WRITTEN not in said
    assert second.ask(IS_READ) and second.ask("Attachment.objects.count()") == 1
    assert {name for name, _ in bucket.listed() if not name.startswith("avant-")} == set(kept)
    with pytest.raises(CommandFailed, match="en marche"):
        second.manage(*story.to_restore(told), "--replace")
