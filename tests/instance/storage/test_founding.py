"""A house whose machine is lost is not founded anew while its backups are in a bucket, nor while nobody can tell."""

import dataclasses

import pytest
from django.core.management import CommandError

from actors.models import Agent, Organisation
from instance.backups import lost, manifest, places
from tests import servers
from tests.instance.backups.test_here import migrated  # noqa: F401  a fixture
from tests.instance.storage.test_backups_in_a_bucket import data, preau, shelf, the_one  # noqa: F401  fixtures
from tests.instance.test_doctor import doctor

pytestmark = pytest.mark.slow
SAID = ["--name", "Ville de Saint-Aubin", "--short-name", "Saint-Aubin", "--siren", "210101010"]


@pytest.fixture
def emptied(julien, data, preau, tmp_path, monkeypatch):  # noqa: F811
    """A database from which everybody is gone, of which there is a backup."""
    monkeypatch.setattr(places, "NIGHTLY", str(tmp_path / "nuits"))
    preau("backup")
    Agent.objects.all().delete()
    Organisation.objects.update(actor=None)


def test_it_is_told_which_backup_to_restore(emptied, shelf, preau, monkeypatch):  # noqa: F811
    place = f"{shelf.address.shown}/{the_one(shelf)[0]}"
    for more in ([], ["--once"]):
        with pytest.raises(CommandError) as said:
            preau("setup", *more, *SAID)
        assert f"Ne la fondez pas de nouveau : restaurez. preau restore {place} ;" in str(said.value)
    status, found = doctor("--only", "données")
    assert (status, list(found)) == (2, ["base-vide"]) and f"preau restore {place}" in found["base-vide"]["command"]
    assert "peut être restaurée" in preau("restore", place, "--check")
    with monkeypatch.context() as other:
        other.setattr(manifest, "kind_of_database", lambda: "autre")
        assert lost.to_restore() == ""


def test_of_a_folder_and_a_bucket_the_newest_is_named(emptied, shelf, preau, tmp_path):  # noqa: F811
    preau("backup", "--to", str(tmp_path / "nuits"))
    [newest] = (tmp_path / "nuits").glob("preau-*")
    for year, place in ((2030, str(newest)), (2020, f"{shelf.address.shown}/{the_one(shelf)[0]}")):
        said = dataclasses.replace(manifest.read(newest), taken_at=f"{year}-01-01T00:00:00+00:00")
        (newest / manifest.NAME).write_bytes(manifest.written(said))
        assert lost.to_restore() == place


def test_when_the_storage_does_not_answer_it_is_not_founded_either(emptied, settings, preau):  # noqa: F811
    settings.BACKUP_BUCKET = dataclasses.replace(settings.BACKUP_BUCKET, host=f"127.0.0.1:{servers.free_port()}")
    with pytest.raises(CommandError, match=r"preau doctor --only stockage .* --found-anew"):
        preau("setup", *SAID)
    assert doctor("--only", "données") == (0, {})
    preau("setup", "--found-anew", *SAID)
    assert lost.is_founded()


@pytest.mark.django_db
def test_a_house_is_founded_before_its_bucket_is_made(settings, address, preau):  # noqa: F811
    settings.BACKUP_BUCKET = dataclasses.replace(address, bucket="absent")
    preau("setup", *SAID)
    assert lost.is_founded()
