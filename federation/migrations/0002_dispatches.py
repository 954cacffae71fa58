"""What leaves is written once, whatever the number of inboxes; how a house fares is noted; absences are remembered."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def write_once(apps, schema_editor):
    """One dispatch for each activity that is owed, and one for its letter to our own house, which says less.

    The text is kept where a row still held it.
    """
    Delivery, Dispatch = apps.get_model("federation", "Delivery"), apps.get_model("federation", "Dispatch")
    for at_home, rows in (
        (True, Delivery.objects.filter(host=settings.HOST)),
        (False, Delivery.objects.exclude(host=settings.HOST)),
    ):
        seen = {}
        for row in rows.order_by("pk").iterator(chunk_size=500):
            if row.activity_uri not in seen:
                seen[row.activity_uri] = Dispatch.objects.create(
                    activity_uri=f"{row.activity_uri}#home" if at_home else row.activity_uri,
                    object_uri=row.object_uri,
                    sender_uri=row.sender_uri,
                    document=row.document,
                ).pk
            elif row.document:
                Dispatch.objects.filter(pk=seen[row.activity_uri], document={}).update(document=row.document)
            Delivery.objects.filter(pk=row.pk).update(dispatch=seen[row.activity_uri])
    Delivery.objects.exclude(state="waiting").update(leased_until=None)


class Migration(migrations.Migration):
    dependencies = [("federation", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uri", models.CharField(max_length=500, unique=True)),
                ("failures", models.PositiveSmallIntegerField(default=1)),
                ("until", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Dispatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("activity_uri", models.CharField(max_length=500, unique=True)),
                ("object_uri", models.CharField(db_index=True, max_length=500)),
                ("sender_uri", models.CharField(max_length=500)),
                ("document", models.JSONField(default=dict)),
            ],
        ),
        migrations.AddField("peer", "knocks_with", models.CharField(blank=True, max_length=10, default=""), preserve_default=False),
        migrations.AddField("peer", "failures", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("peer", "failing_since", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("peer", "try_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("delivery", "urgency", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(
            "delivery",
            "dispatch",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="federation.dispatch"
            ),
        ),
        migrations.RunPython(write_once, migrations.RunPython.noop, elidable=True),
    ]
