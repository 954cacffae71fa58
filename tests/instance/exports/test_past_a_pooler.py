"""A house whose database is reached through a pooler is made from an export too, in a session of its own."""

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from instance import database
from tests import poolers, servers
from tests.instance.backups.story import secrets
from tests.towns import Town

PEOPLE = "sorted(Actor.objects.filter(local=True).values_list('uri', flat=True))"


@pytest.fixture
def direct(settings):
    """As if the server itself were reached by another way; the database is the same."""
    before = dict(connection.settings_dict)
    settings.DIRECT = {"HOST": before["HOST"], "OPTIONS": {**before["OPTIONS"], "past": "the pooler"}}
    yield settings.DIRECT
    connection.settings_dict.update(before)


@pytest.mark.django_db
def test_nobody_goes_direct_in_the_middle_of_a_transaction(direct):
    """What was written in it would be lost with the session, and what comes after be written outside of it."""
    with transaction.atomic(), pytest.raises(TransactionManagementError):
        database.go_direct()
    assert connection.settings_dict["OPTIONS"] != direct["OPTIONS"] and connection.connection is not None


@pytest.mark.django_db
def test_who_is_direct_already_keeps_the_session(direct):
    connection.settings_dict.update(direct)
    session = connection.connection
    with transaction.atomic():
        database.go_direct()
    assert connection.connection is session is not None


@pytest.mark.slow
def test_an_export_is_imported_past_the_pooler(tmp_path):
    keys = secrets()
    small = Town("saint-aubin", tmp_path / "small", **keys)
    small.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", ["Julien Mercier"])
    people = small.ask(PEOPLE)
    small.stop()
    small.manage("export", str(tmp_path / "export"))
    with servers.postgres() as server, poolers.pgbouncer(server, forgetful=True) as pooled:
        said = {"DATABASE_URL": pooled.address, "DATABASE_DIRECT_URL": server}
        large = Town("saint-aubin", tmp_path / "large", port=small.port, **keys, **said)
        try:
            assert "Importé" in large.manage("import", str(tmp_path / "export"))
            assert large.ask(PEOPLE) == people != []
            assert not (large.folder / "data" / "maintenance").exists()
        finally:
            large.stop()
