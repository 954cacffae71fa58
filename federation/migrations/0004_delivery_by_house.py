"""What waits is looked up house by house; rows change twice, so that their pages are left some room."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


def leave_room(apps, schema_editor):
    """PostgreSQL writes a changed row without touching its indexes where its page has room for it."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE federation_delivery SET (fillfactor = 75)")


class Migration(migrations.Migration):
    dependencies = [("federation", "0003_deliveries_of_dispatches")]

    operations = [
        migrations.RemoveIndex("delivery", "delivery_due"),
        migrations.RemoveIndex("delivery", "delivery_of_host"),
        migrations.RemoveIndex("delivery", "delivery_on_lease"),
        migrations.AlterField(
            "delivery",
            "dispatch",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="federation.dispatch",
            ),
        ),
        migrations.AddIndex(
            "delivery",
            models.Index(
                fields=["host", "urgency", "due_at", "id"], name="delivery_next", condition=Q(state="waiting")
            ),
        ),
        migrations.AddIndex(
            "delivery", models.Index(fields=["host", "due_at"], name="delivery_oldest", condition=Q(state="waiting"))
        ),
        migrations.AddIndex(
            "delivery", models.Index(fields=["state_since"], name="delivery_dead", condition=Q(state="abandoned"))
        ),
        migrations.RunPython(leave_room, migrations.RunPython.noop, elidable=False),
    ]
