"""The same refusals where the database is PostgreSQL, and what stood there is put aside."""

import pytest

from tests.instance.backups.story import variables
from tests.towns import CommandFailed, Town

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
AGENTS = "Actor.objects.filter(local=True, kind='Person').count()"


@pytest.fixture
def town(tmp_path):
    town = Town("saint-aubin", tmp_path / "town", **variables("postgresql", "refusals"))
    town.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", ["Julien Mercier"])
    town.stop()  # with the shell, which is connected
    yield town
    town.stop()


@pytest.fixture
def backup(town, tmp_path):
    town.manage("backup", "--to", str(tmp_path / "backups"))
    [found] = (tmp_path / "backups").glob("preau-*")
    return found


def test_what_is_in_use_or_has_data_is_not_written_over(town, backup):
    with pytest.raises(CommandFailed, match="rien n’a été touché"):
        town.manage("restore", str(backup))
    town.start()
    with pytest.raises(CommandFailed, match="en marche"):
        town.manage("restore", str(backup), "--replace")


def test_what_is_replaced_is_put_aside(town, backup):
    town.sh("from actors import arrivals\narrivals.invite('Hélène Vasseur')")
    town.stop()
    said = town.manage("restore", str(backup), "--replace")
    [aside] = (town.folder / "data").glob("base.avant-*.pgdump")
    assert str(aside) in said and aside.stat().st_mode & 0o777 == 0o600
    assert town.ask(AGENTS) == 1
    assert not list((town.folder / "data").glob("restauration*"))


def test_a_backup_is_for_one_kind_of_database(backup, town, tmp_path):
    small = Town("saint-aubin", tmp_path / "small", port=town.port)
    with pytest.raises(CommandFailed, match="faite pour PostgreSQL"):
        small.manage("restore", str(backup), "--check")
    (backup / "database.pgdump").write_bytes(b"PGDMP, or so it says")
    with pytest.raises(CommandFailed, match="Sauvegarde abîmée"):
        town.manage("restore", str(backup), "--replace")
    assert town.ask(AGENTS) == 1
