"""Deliveries keep no copy of what they carry. (A step of its own: PostgreSQL alters no table with pending checks.)"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("federation", "0002_dispatches")]

    operations = [
        migrations.RemoveConstraint("delivery", "one_delivery_per_inbox"),
        migrations.RemoveIndex("delivery", "delivery_due"),
        migrations.RemoveIndex("delivery", "delivery_order"),
        migrations.RemoveField("delivery", "activity_uri"),
        migrations.RemoveField("delivery", "document"),
        migrations.RemoveField("delivery", "object_uri"),
        migrations.RemoveField("delivery", "sender_uri"),
        migrations.AlterField(
            "delivery",
            "dispatch",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="federation.dispatch"
            ),
        ),
        migrations.AddConstraint(
            "delivery", models.UniqueConstraint(fields=("dispatch", "inbox"), name="one_delivery_per_inbox")
        ),
        migrations.AddIndex(
            "delivery",
            models.Index(fields=["urgency", "due_at", "id"], name="delivery_due", condition=Q(state="waiting")),
        ),
        migrations.AddIndex(
            "delivery", models.Index(fields=["dispatch", "host"], name="delivery_order", condition=Q(state="waiting"))
        ),
        migrations.AddIndex("delivery", models.Index(fields=["host", "state"], name="delivery_of_host")),
        migrations.AddIndex(
            "delivery",
            models.Index(fields=["host"], name="delivery_on_lease", condition=Q(leased_until__isnull=False)),
        ),
    ]
