"""What waits is found past what was handled: PostgreSQL is told to sweep this table early, as it sweeps queues."""

from django.db import migrations


def sweep_early(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE inbox_receipt SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)"
        )


class Migration(migrations.Migration):
    dependencies = [("inbox", "0003_receipts_that_wait")]

    operations = [migrations.RunPython(sweep_early, migrations.RunPython.noop)]
