"""Migrations are all applied, or none is."""

import subprocess
import sys
import textwrap

import pytest

from tests import servers

pytestmark = pytest.mark.slow
GOOD = """
from django.db import migrations, models

class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.CreateModel("Later", [("id", models.BigAutoField(primary_key=True))])]
"""
BAD = """
from django.db import migrations

def fail(apps, schema_editor):
    apps.get_model("instance", "Later").objects.create()
    raise RuntimeError("this version is broken")

class Migration(migrations.Migration):
    dependencies = [("instance", "0001_good")]
    operations = [migrations.RunPython(fail)]
"""
SCRIPT = """
import sys; sys.path.insert(0, {folder!r})
from django.conf import settings
settings.MIGRATION_MODULES = {{"instance": "later", "oauth2_provider": None}}
import django; django.setup()
from django.core.management import call_command
from django.db import connection
def tables():
    connection.close()
    return len(connection.introspection.table_names())
try:
    call_command("migrate", "instance", verbosity=0)
except RuntimeError as error:
    print(error, tables())
call_command("migrate", "instance", "0001", verbosity=0)
print(tables() > 1)
"""


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_migration_that_fails_leaves_nothing_of_those_before_it(tmp_path, database, request):
    later = tmp_path / "later"
    later.mkdir()
    for name, text in {"__init__": "", "0001_good": GOOD, "0002_bad": BAD}.items():
        (later / f"{name}.py").write_text(text)
    variables = {"PREAU_DEVELOPMENT": "1", "PREAU_DATA": str(tmp_path / "data"), "PREAU_WORK": "manual"}
    if database == "postgresql":
        variables["DATABASE_URL"] = request.getfixturevalue("own_postgres")
    script = textwrap.dedent(SCRIPT.format(folder=str(tmp_path)))
    env = servers.environment(DJANGO_SETTINGS_MODULE="instance.settings", **variables)
    done = subprocess.run([sys.executable, "-c", script], cwd=servers.ROOT, env=env, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("this version is broken 0\nTrue\n", 0), done.stderr


@pytest.fixture
def own_postgres():
    with servers.postgres() as address:
        yield address
